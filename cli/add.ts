import type { Sources } from '../renderer/compose/render-task.ts';
import { insertTask } from './insert.ts';
import { checkOrder, orderOf, resourceOf, type OrderOptions } from './order.ts';
import { chosenOptions } from './resource-options.ts';
import { prepareOutput } from './save.ts';
import { CliError, EXIT, type Session } from './session.ts';
import { awaitResult } from './wait.ts';

export interface AddOptions extends OrderOptions {
  wait?: boolean;
  output: string;
  /** Seconds to wait for the result at most. */
  timeout: number;
}

/**
 * Puts one task for a resource into the queue, checked before it goes; with `wait`, stays until its PDF is saved.
 *
 * @param given the command line's options, the resource's own among them
 */
export async function add(
  session: Session,
  slug: string,
  given: AddOptions & Record<string, unknown>,
  sources: Sources,
): Promise<void> {
  const resource = await resourceOf(slug, sources);
  const payload = orderOf(slug, resource, given, chosenOptions(resource, given));
  await checkOrder(payload, sources);
  if (given.wait) await prepareOutput(given.output);
  const id = await insertTask(session, payload);
  if (!given.wait) {
    session.print(session.json ? JSON.stringify({ task: id }) : id);
    return;
  }
  const deadline = Date.now() + given.timeout * 1000;
  if (!(await awaitResult(session, id, { output: given.output, deadline }))) {
    throw new CliError('The task failed.', EXIT.failed);
  }
}
