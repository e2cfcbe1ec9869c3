import type { PrintableDocument } from './document.ts';

/** What turns a document into a PDF: one at a time, owned by one daemon. */
export interface Printer {
  /** Gets ready to print, so that `print` does not have to; rejects when that cannot be done. */
  start(): Promise<void>;
  /**
   * Prints a document once, whatever its `repeat`. Rejects when the printer fails, or with the signal's reason when it is
   * aborted; the printer starts afresh after either.
   */
  print(document: PrintableDocument, signal: AbortSignal): Promise<Buffer>;
  /** Ends whatever runs and removes whatever was written; `start` begins again. */
  close(): Promise<void>;
}
