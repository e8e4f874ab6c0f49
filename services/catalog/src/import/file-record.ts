/** A row of a file, of whatever kind: its cells as text, or null where they cannot be read. */
export interface FileRecord {
  /** The line of a CSV file that it begins on, the row of a sheet; counted from 1. */
  readonly line: number;
  readonly cells: readonly string[] | null;
  /** What there is of it where its cells cannot be read. */
  readonly text: string;
}
