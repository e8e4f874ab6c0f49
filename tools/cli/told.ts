/** What a command has to tell: to programs, and to people line by line. */
export interface Told {
  readonly json: unknown;
  readonly lines: readonly string[];
  /** What the command ends with: 1 where it was to change something, and changed nothing. */
  readonly exitCode?: number;
}

/** Writes it, as one line of JSON where that was asked for; to people, that there is nothing where there is nothing. Answers what the command ends with. */
export function tell({ json, lines, exitCode = 0 }: Told, asJson: boolean | undefined): number {
  if (asJson === true) process.stdout.write(`${JSON.stringify(json)}\n`);
  else process.stdout.write(lines.length === 0 ? 'none\n' : lines.map((line) => `${line}\n`).join(''));
  return exitCode;
}

/** A number of things, which are one or several: `1 row`, `2 rows`. */
export function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}
