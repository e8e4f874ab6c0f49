/** A cell of CSV as RFC 4180 has it: quoted where it holds a comma, a quote or a line break. */
export function csvQuoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/**
 * A cell of CSV that is safe to open in a spreadsheet: a text that would be taken for a formula has an apostrophe before it. A
 * number, also one below zero, cannot be one and is left as it is.
 */
export function csvCell(cell: string): string {
  return csvQuoted(/^[=+\-@\t\r\n＝＋－＠]/.test(cell) && !/^-?\d+(\.\d+)?$/.test(cell) ? `'${cell}` : cell);
}
