/** A task turned into what a browser prints: one self-contained page that refers to static files by virtual URL. */
export interface PrintableDocument {
  html: string;
  /** BCP 47 tag of the language of its text. */
  language: string;
  /** File name of the PDF, with its ending. */
  filename: string;
  /** Whether scripts of the page run; off unless the resource asks. */
  javascript: boolean;
  /** How often the printed pages stand in the PDF, at least 1: identical copies are printed once and repeated. */
  repeat: number;
  /** Whether the PDF carries a structure tree for assistive software. */
  tagged: boolean;
}

/**
 * Turns a task's payload into a document. The seed (the task's id) feeds all randomness, so that the same task always gives
 * the same document. Rejects with TaskError when the payload is not a task that can be rendered.
 */
export type Compose = (payload: unknown, seed: string) => Promise<PrintableDocument>;

/** A fault of the task itself, which no retry can mend; the message names what is wrong and what is allowed. */
export class TaskError extends Error {
  override name = 'TaskError';
}

/** The origin under which a document finds the static directories; nothing else can be fetched. */
export const STATIC_ORIGIN = 'http://static.renderfleet.internal';
