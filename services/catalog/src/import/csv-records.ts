import { parse } from 'csv-parse/sync';
import { columnPlaces, type ColumnTitles, numberedPlaces } from './deck-columns.ts';
import type { FileRecord } from './file-record.ts';

type WrittenRecord = Pick<FileRecord, 'line' | 'text'>;

/** What a piece of a file holds: complete records, and the beginning of the next one. */
export interface CsvPiece {
  readonly records: FileRecord[];
  /** Text to be put before the next piece; empty after the last. */
  readonly rest: string;
  /** How many lines the records took. */
  readonly lineCount: number;
}

export const delimiters = [';', '\t', '|', ','] as const;
export type Delimiter = (typeof delimiters)[number];

// A cell with line breaks in it is rare and short. The limit keeps a quote that is never closed from taking the file.
const RECORD_LINES_MAX = 10;
const HEAD_LINES_MAX = 50;

/**
 * Splits a piece of CSV text into records (RFC 4180, also with `;`, `|` or tabs, LF or CRLF). Lines without quotes, which
 * are nearly all, are split in place; runs of quoted ones go through csv-parse. A record that cannot be read harms no other.
 */
export function csvRecords(text: string, delimiter: Delimiter, firstLine: number, isLast: boolean): CsvPiece {
  const lines = text.split('\n');
  const unfinished = isLast ? '' : (lines.pop() ?? '');
  if (isLast && lines.at(-1) === '') lines.pop();
  const records: FileRecord[] = [];
  let quoted: WrittenRecord[] = [];
  let at = 0;
  while (at < lines.length) {
    const lineCount = lineCountOf(lines, at, isLast);
    if (lineCount === 0) break;
    const text = lineCount === 1 ? withoutCr(lines[at] ?? '') : lines.slice(at, at + lineCount).map(withoutCr).join('\n');
    const line = firstLine + at;
    at += lineCount;
    if (text.includes('"')) {
      quoted.push({ line, text });
      continue;
    }
    if (quoted.length > 0) records.push(...quotedRecords(quoted, delimiter));
    quoted = [];
    if (text.trim() !== '') records.push({ line, cells: text.split(delimiter), text });
  }
  records.push(...quotedRecords(quoted, delimiter));
  return { records, rest: isLast ? '' : [...lines.slice(at), unfinished].join('\n'), lineCount: at };
}

/**
 * The separator of a file: the one by which one of its first lines is a header; where none is, of `;`, tab, `|` and `,`
 * outside of quotes the one that the first line has most of.
 */
export function delimiterOf(head: string, titles: ColumnTitles = {}): Delimiter {
  const lines = head.split('\n', HEAD_LINES_MAX).map((line) => withoutCr(line)).filter((line) => line.trim() !== '');
  for (const line of numberedPlaces(titles) === undefined ? lines : []) {
    const parted = delimiters.find((delimiter) => columnPlaces(line.split(delimiter).map(unquoted), titles).ok);
    if (parted !== undefined) return parted;
  }
  const bare = (lines[0] ?? '').replaceAll(/"[^"]*"/g, '');
  const counts = delimiters.map((delimiter) => ({ delimiter, count: bare.split(delimiter).length }));
  return counts.reduce((best, each) => (each.count > best.count ? each : best), { delimiter: ',', count: 1 }).delimiter;
}

/** A title within quotes; one with the separator in it is none that is known. */
function unquoted(cell: string): string {
  return cell.trim().replace(/^"(.*)"$/, '$1');
}

/** How many lines the record at `at` takes: more than one where a quoted cell breaks lines; 0 where its end is still to come. */
function lineCountOf(lines: readonly string[], at: number, isLast: boolean): number {
  if (!(lines[at] ?? '').includes('"')) return 1;
  let quotes = 0;
  for (let count = 1; count <= RECORD_LINES_MAX; count += 1) {
    const line = lines[at + count - 1];
    if (line === undefined) return isLast ? 1 : 0;
    quotes += line.split('"').length - 1;
    if (quotes % 2 === 0) return count;
  }
  return 1;
}

/** Reads many records at once, and one by one where that fails, to find the one that cannot be read. */
function quotedRecords(written: readonly WrittenRecord[], delimiter: Delimiter): FileRecord[] {
  const rows = parsed(written.map(({ text }) => text).join('\n'), delimiter);
  if (rows?.length === written.length) return written.map((record, index) => ({ ...record, cells: rows[index] ?? null }));
  return written.flatMap((record) => recordsOfOne(record, delimiter));
}

/** A record by itself. Several lines that make none do not belong together: a quote that means inches stands in two of them. */
function recordsOfOne({ line, text }: WrittenRecord, delimiter: Delimiter): FileRecord[] {
  const cells = parsed(text, delimiter)?.[0] ?? null;
  if (cells !== null || !text.includes('\n')) return [{ line, text, cells }];
  return text.split('\n').flatMap((each, at) => (each.trim() === '' ? [] : [{ line: line + at, text: each, cells: parsed(each, delimiter)?.[0] ?? null }]));
}

function parsed(text: string, delimiter: Delimiter): string[][] | undefined {
  try {
    return parse(text, { delimiter, trim: true, relax_column_count: true });
  } catch {
    return undefined;
  }
}

function withoutCr(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
