/**
 * The fields of one line of CSV (RFC 4180: a field may be quoted, a quote in it is doubled), or undefined where a quote
 * is left open or something follows a closing one.
 */
export function csvFields(line: string, delimiter = ','): string[] | undefined {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    if (line[at] === '"') {
      const end = closingQuote(line, at + 1);
      if (end === undefined || (end + 1 < line.length && line[end + 1] !== delimiter)) return undefined;
      fields.push(line.slice(at + 1, end).replaceAll('""', '"'));
      at = end + 1;
    } else {
      const comma = line.indexOf(delimiter, at);
      const end = comma === -1 ? line.length : comma;
      fields.push(line.slice(at, end));
      at = end;
    }
    if (at >= line.length) return fields;
    at += 1;
  }
}

/** Where a quoted field ends: at a quote that is not doubled. Undefined where the text ends within it. */
export function closingQuote(line: string, from: number): number | undefined {
  let at = line.indexOf('"', from);
  while (at !== -1 && line[at + 1] === '"') at = line.indexOf('"', at + 2);
  return at === -1 ? undefined : at;
}
