// Types of tools.mjs, which is plain JavaScript because it runs before anything is built.

export type ToolName = 'prometheus' | 'promtool' | 'alertmanager' | 'amtool' | 'blackbox_exporter';

export interface FoundTools {
  /** Absolute paths. A missing tool has no entry. */
  paths: Partial<Record<ToolName, string>>;
  missing: ToolName[];
  /** What to do about the missing ones; null when there are none. */
  hint: string | null;
}

/** Looks on PATH, then in .cache/tools/, then fetches. `log` gets one line for every step that takes longer than two seconds. */
export function findTools(names: readonly ToolName[], options?: { log?: (line: string) => void }): Promise<FoundTools>;
