import { styleText } from 'node:util';

type Format = Parameters<typeof styleText>[0];

/** Colours a text when the standard output is a terminal that wants colours (NO_COLOR is honoured); else leaves it. */
export function paint(format: Format, text: string): string {
  return styleText(format, text, { stream: process.stdout });
}

/** Rows under a header as aligned columns, numbers (when a column has nothing else) to the right. */
export function columns(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const numeric = header.map((_, at) => rows.length > 0 && rows.every((row) => /^[-+]?[\d.,]+%?$/.test(row[at] ?? '')));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => (numeric[at] === true ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
      .join('  ')
      .trimEnd();
  return [paint('bold', line(header)), ...rows.map(line)].join('\n');
}
