import { once } from 'node:events';
import type { Logger } from 'pino';
import puppeteer, { type Browser, type CDPSession } from 'puppeteer-core';
import { untilAborted, untilDeadline, withDeadline } from '../../../service/deadline.ts';
import { processTreeMemory } from './process-memory.ts';
import { createTemporaryFolder, removeTemporaryFolder } from './temporary-folder.ts';

const LAUNCH_MILLISECONDS = 30_000;
const CLOSE_MILLISECONDS = 2000;

/** A browser that can be started, with the folder of the libraries that come with it, if any do. */
export interface ChromiumProgram {
  path: string;
  libraries?: string;
}

export interface LaunchOptions {
  program: ChromiumProgram;
  /** Command-line switches. */
  args: string[];
  temporaryDirectory: string;
  fontConfiguration: string | undefined;
  logger: Logger;
}

/** One browser process with its children and its profile folder, from launch to removal. */
export class ChromiumBrowser {
  readonly #browser: Browser;
  readonly #root: CDPSession;
  readonly #profile: string;
  readonly #logger: Logger;
  readonly #gone = new AbortController();
  #frameControl = true;

  private constructor(browser: Browser, root: CDPSession, profile: string, logger: Logger) {
    this.#browser = browser;
    this.#root = root;
    this.#profile = profile;
    this.#logger = logger;
    const end = (reason: string) => () => {
      this.#gone.abort(new Error(reason));
    };
    browser.once('disconnected', end('Chromium exited.'));
    browser.process()?.once('exit', end('The process of Chromium exited.'));
    root.on('Target.targetCrashed', end('A page of Chromium crashed.'));
  }

  /** Starts a browser. Rejects, leaving nothing behind, when it takes longer than 30 s. */
  static async launch(options: LaunchOptions): Promise<ChromiumBrowser> {
    const { program, args, temporaryDirectory, fontConfiguration, logger } = options;
    const profile = await createTemporaryFolder(temporaryDirectory, 'chromium');
    let browser: Browser | undefined;
    // Puppeteer's own time limit does not cover browsers that it talks to through a pipe.
    const overdue = new Error(`it took longer than ${LAUNCH_MILLISECONDS / 1000} s`);
    try {
      return await withDeadline({ milliseconds: LAUNCH_MILLISECONDS, overdue }, async (signal) => {
        const launching = puppeteer.launch({
          executablePath: program.path,
          args,
          pipe: true,
          userDataDir: profile,
          signal,
          protocolTimeout: 0,
          waitForInitialPage: false,
          handleSIGINT: false,
          handleSIGTERM: false,
          handleSIGHUP: false,
          env: {
            HOME: profile,
            TMPDIR: profile,
            LANG: 'C.UTF-8',
            TZ: 'UTC',
            FONTCONFIG_FILE: fontConfiguration,
            LD_LIBRARY_PATH: program.libraries,
          },
        });
        browser = await untilAborted(launching, signal);
        const root = await untilAborted(openRoot(browser), signal);
        return new ChromiumBrowser(browser, root, profile, logger);
      });
    } catch (error) {
      if (browser) killGroup(browser);
      await removeTemporaryFolder(profile, logger);
      throw new Error(`Chromium did not start: ${(error as Error).message}`, { cause: error });
    }
  }

  /** Aborted, with the cause, as soon as the browser has ended or a page of it has crashed. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /**
   * Opens a page that draws frames only on request. Printing requests none, which saves a quarter of the time of a
   * document. Only the headless shell supports this; other browsers open an ordinary page.
   */
  async openQuietPage(): Promise<CDPSession> {
    if (this.#frameControl) {
      try {
        return await this.#open({ enableBeginFrameControl: true });
      } catch (error) {
        this.#gone.signal.throwIfAborted();
        if (!(error as Error).message.includes('Target.createTarget')) throw error;
        this.#frameControl = false;
      }
    }
    return this.#open({});
  }

  /** Opens an ordinary page with its own cookies and storage, which `dispose` deletes. */
  async openIsolatedPage(): Promise<{ session: CDPSession; dispose: () => Promise<void> }> {
    const { browserContextId } = await this.#root.send('Target.createBrowserContext', {
      disposeOnDetach: true,
    });
    await this.#root.send('Browser.setDownloadBehavior', { behavior: 'deny', browserContextId });
    const session = await this.#open({ browserContextId });
    return {
      session,
      dispose: () => this.#root.send('Target.disposeBrowserContext', { browserContextId }),
    };
  }

  /** Bytes of private memory of the browser and its children. */
  memory(): number {
    const pid = this.#browser.process()?.pid;
    return pid === undefined ? 0 : processTreeMemory(pid);
  }

  /** Asks the browser to exit, kills what is left of it, and removes its profile folder. */
  async close(): Promise<void> {
    const ended = this.#ended();
    if (!this.#gone.signal.aborted) {
      await untilDeadline(this.#browser.close(), { milliseconds: CLOSE_MILLISECONDS }).catch(() => undefined);
    }
    await this.#remove(ended);
  }

  /** Kills the browser and removes its profile folder. */
  async kill(): Promise<void> {
    await this.#remove(this.#ended());
  }

  async #open(target: { enableBeginFrameControl?: boolean; browserContextId?: string }): Promise<CDPSession> {
    const { targetId } = await this.#root.send('Target.createTarget', { url: 'about:blank', ...target });
    const { sessionId } = await this.#root.send('Target.attachToTarget', { targetId, flatten: true });
    const session = this.#root.connection()?.session(sessionId);
    if (!session) throw new Error('Chromium closed a page right after opening it.');
    return session;
  }

  async #ended(): Promise<void> {
    const child = this.#browser.process();
    if (child?.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }

  async #remove(ended: Promise<void>): Promise<void> {
    killGroup(this.#browser);
    await ended;
    await removeTemporaryFolder(this.#profile, this.#logger);
  }
}

/** Opens the session that controls the browser itself; afterwards the browser has no page and saves no downloads. */
async function openRoot(browser: Browser): Promise<CDPSession> {
  const root = await browser.target().createCDPSession();
  await root.send('Target.setDiscoverTargets', { discover: true });
  await closeFirstPages(root);
  await root.send('Browser.setDownloadBehavior', { behavior: 'deny' });
  return root;
}

/** A browser starts with an empty page, which would only take memory. */
async function closeFirstPages(root: CDPSession): Promise<void> {
  const { targetInfos } = await root.send('Target.getTargets');
  for (const { type, targetId } of targetInfos) {
    if (type === 'page') await root.send('Target.closeTarget', { targetId });
  }
}

/** The browser leads a process group to which its children belong. */
function killGroup(browser: Browser): void {
  const pid = browser.process()?.pid;
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
