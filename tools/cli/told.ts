/** What a command has to tell: to programs, and to people line by line. */
export interface Told {
  readonly json: unknown;
  readonly lines: readonly string[];
}

/** Writes it, as one line of JSON where that was asked for; to people, that there is nothing where there is nothing. */
export function tell({ json, lines }: Told, asJson: boolean | undefined): void {
  if (asJson === true) process.stdout.write(`${JSON.stringify(json)}\n`);
  else process.stdout.write(lines.length === 0 ? 'none\n' : lines.map((line) => `${line}\n`).join(''));
}

/** A number of things, which are one or several: `1 row`, `2 rows`. */
export function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}
