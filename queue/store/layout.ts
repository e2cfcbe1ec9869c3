/** A step that brings a storage from the layout before to another one. */
export interface Migration<Run> {
  /** The layout that the step leads to. */
  to: number;
  /** Must be safe to run again after it was interrupted. */
  run: Run;
}

/** The layout that this program reads and writes: the one that the last step leads to. */
export function currentLayout(migrations: readonly Migration<unknown>[]): number {
  return migrations.at(-1)?.to ?? 0;
}

/** Why a storage whose layout is newer than this program's cannot be used. @param storage such as "The task storage" */
export function newerLayout(
  storage: string,
  found: number,
  migrations: readonly Migration<unknown>[],
): string {
  return `${storage} has layout ${found}, but this version of Renderfleet supports layouts up to ${currentLayout(migrations)}. Use the version that wrote it or a newer one, or restore a backup from before the upgrade.`;
}
