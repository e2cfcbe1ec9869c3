/** Keeps documents that are too large for the queue. */
export interface DocumentStorage {
  /**
   * Saves a document under a name of letters, digits, `_`, `-` and `.`, replacing one of that name. Resolves to the URL to
   * fetch it from once it is there in full.
   */
  save(name: string, pdf: Buffer, filename: string): Promise<string>;
  close(): Promise<void>;
}
