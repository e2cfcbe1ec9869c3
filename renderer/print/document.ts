/** What a browser prints: one self-contained page that refers to static files by virtual URL. */
export interface PrintableDocument {
  html: string;
  /** BCP 47 tag of the language of its text. */
  language: string;
  /** File name of the PDF, with its extension. */
  filename: string;
  /** Whether scripts of the page run; off unless the resource asks for them. */
  javascript: boolean;
  /** How often the printed pages appear in the PDF, at least once: identical copies are printed once and repeated. */
  repeat: number;
  /** Whether the PDF carries a structure tree for assistive software. */
  tagged: boolean;
}

/** Prints documents, one at a time; each daemon owns one. */
export interface Printer {
  /** Gets ready to print, so that `print` does not have to; rejects when that fails. */
  start(): Promise<void>;
  /**
   * Prints a document once, whatever its `repeat`. Rejects when the printer fails, or with the signal's reason when the
   * signal is aborted; after either, the next call starts the printer again.
   */
  print(document: PrintableDocument, signal: AbortSignal): Promise<Buffer>;
  /** Stops the printer and removes the files that it wrote; `start` starts it again. */
  close(): Promise<void>;
}

/** An error in the task itself, which no retry can fix; the message names what is wrong and what is allowed. */
export class TaskError extends Error {
  override name = 'TaskError';
}

/** The origin under which a document finds the static directories; it can fetch nothing else. */
export const STATIC_ORIGIN = 'http://static.renderfleet.internal';
