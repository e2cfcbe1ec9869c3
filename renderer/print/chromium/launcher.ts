import type { Logger } from 'pino';
import { ChromiumBrowser, type ChromiumProgram } from './browser.ts';
import { findChromium, type FindOptions } from './find.ts';
import { writeFontConfiguration } from './fonts.ts';
import { createTemporaryFolder, removeStaleFolders, removeTemporaryFolder } from './temporary-folder.ts';

/** Where Chromium is found and how it runs. */
export interface ChromiumConfig extends FindOptions {
  /** `auto` uses the sandbox where the machine allows it. */
  sandbox: 'auto' | 'on' | 'off';
  /** Where the browsers' profile folders are created, one for each; each is removed with its browser. */
  temporaryDirectory: string;
}

/** Starts browsers: finds the program, gives it the project's fonts, and determines once whether the sandbox works here. */
export class ChromiumLauncher {
  readonly program: ChromiumProgram;
  readonly #config: ChromiumConfig;
  readonly #logger: Logger;
  readonly #folder: string;
  readonly #fontConfiguration: string | undefined;
  #sandbox: boolean | undefined;

  private constructor(
    program: ChromiumProgram,
    {
      config,
      logger,
      folder,
      fonts,
    }: { config: ChromiumConfig; logger: Logger; folder: string; fonts?: string | undefined },
  ) {
    this.program = program;
    this.#config = config;
    this.#logger = logger;
    this.#folder = folder;
    this.#fontConfiguration = fonts;
    this.#sandbox = { on: true, off: false, auto: undefined }[config.sandbox];
    if (this.#sandbox === false) this.#warn('CHROMIUM_SANDBOX is off');
  }

  /**
   * Finds a browser and writes the font configuration.
   *
   * @throws Error that says how to install a browser when there is none
   */
  static async create(
    config: ChromiumConfig,
    { staticDirectories, logger }: { staticDirectories: readonly string[]; logger: Logger },
  ): Promise<ChromiumLauncher> {
    const program = await findChromium(config);
    await removeStaleFolders(config.temporaryDirectory, logger);
    const folder = await createTemporaryFolder(config.temporaryDirectory, 'fonts');
    const fonts = await writeFontConfiguration(staticDirectories, folder);
    if (fonts === undefined)
      logger.warn({ staticDirectories }, 'no fonts folder found, using the fonts of this machine');
    logger.info({ program: program.path }, 'found Chromium');
    return new ChromiumLauncher(program, { config, logger, folder, fonts });
  }

  /** Starts a browser, with its sandbox unless that is off or, in `auto` mode, does not work here. */
  async launch(): Promise<ChromiumBrowser> {
    if (this.#sandbox === undefined && process.getuid?.() === 0) {
      this.#sandbox = false;
      this.#warn('Chromium has no sandbox for the root user');
    }
    if (this.#sandbox !== undefined) return this.#launch(this.#sandbox);
    try {
      const browser = await this.#launch(true);
      this.#sandbox = true;
      return browser;
    } catch (error) {
      const browser = await this.#launch(false);
      this.#sandbox = false;
      this.#warn(
        `the browser does not start with it, for example because user namespaces are forbidden: ${(error as Error).message}`,
      );
      return browser;
    }
  }

  /** Removes the font configuration; no browser may still be running. */
  async close(): Promise<void> {
    await removeTemporaryFolder(this.#folder, this.#logger);
  }

  #launch(sandbox: boolean): Promise<ChromiumBrowser> {
    return ChromiumBrowser.launch({
      program: this.program,
      args: commandLine(sandbox),
      temporaryDirectory: this.#config.temporaryDirectory,
      fontConfiguration: this.#fontConfiguration,
      logger: this.#logger,
    });
  }

  #warn(reason: string): void {
    this.#logger.warn({ reason: reason.slice(0, 1000) }, 'Chromium runs without its sandbox');
  }
}

/**
 * Command-line switches of a browser that only prints. Three barriers keep it off the network: requests are intercepted, no
 * name resolves, and whatever still gets out goes to a proxy that does not exist (port 9, discard).
 */
function commandLine(sandbox: boolean): string[] {
  return [
    '--host-resolver-rules=MAP * ~NOTFOUND',
    '--proxy-server=http://127.0.0.1:9',
    '--proxy-bypass-list=<-loopback>',
    '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
    '--dns-prefetch-disable',
    '--no-pings',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-domain-reliability',
    '--disable-sync',
    '--font-render-hinting=none',
    '--disk-cache-size=1',
    '--mute-audio',
    ...(sandbox ? [] : ['--no-sandbox']),
  ];
}
