import type { WaitingLeases } from '../long-poll/waiting-leases.ts';
import type { WaitingStats } from '../long-poll/waiting-stats.ts';
import type { TaskStore } from '../store/task-store.ts';
import type { Authorization } from '../auth/authorization.ts';
import type { QueueSettings } from '../http/settings.ts';
import type { TaskJson } from './task-json.ts';

/** What the routes work with. */
export interface QueueService {
  store: TaskStore;
  settings: QueueSettings;
  json: TaskJson;
  leases: WaitingLeases;
  stats: WaitingStats;
  authorization?: Authorization | undefined;
}
