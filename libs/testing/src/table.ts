/**
 * The rows of an aligned text table, every cell as text. The first line names the columns; cells are parted by a bar
 * or by two or more spaces; a cell of one dash is empty; lines of dashes are drawing.
 *
 *     table<'duration' | 'billed'>(`
 *       duration | billed
 *       31       | 36
 *     `)   // [{ duration: '31', billed: '36' }]
 *
 * Fails when a row has more or fewer cells than there are columns.
 */
export function table<Column extends string = string>(text: string): Record<Column, string>[] {
  const [header = '', ...lines] = text.split('\n').map((line) => line.trim()).filter((line) => /[^\s|+-]/.test(line));
  const columns = cellsOf(header);
  return lines.map((line) => {
    const cells = cellsOf(line);
    if (cells.length !== columns.length) {
      throw new Error(`The row "${line}" has ${cells.length} cells for ${columns.length} columns (${columns.join(', ')})`);
    }
    const row = columns.map((column, at) => [column, cells[at] === '-' ? '' : cells[at]]);
    return Object.fromEntries(row) as Record<Column, string>;
  });
}

function cellsOf(line: string): string[] {
  return line.replace(/^\|/, '').replace(/\|$/, '').trim().split(/\s*\|\s*|\s{2,}/);
}
