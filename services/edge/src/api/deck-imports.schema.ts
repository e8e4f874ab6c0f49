import { localClockOf } from '@tollwire/telecom';
import { z } from 'zod';
import { idMax, text, wholeText } from '../http/primitives.ts';
import { kind } from './catalog.schema.ts';

const delimiter = z.enum([',', ';', '\t', '|', '']).default('').meta({ description: 'What parts the cells of a CSV file; found in its first lines where it is not said.' });

const columns = text(1024)
  .optional()
  .meta({ description: 'The names of the columns in their order, by commas, where the file has no header.', example: 'prefix,rate' });

/** `prefix=Code,rate=#3`: a title may hold commas, as long as no name and `=` come after one. */
const map = text(2048)
  .transform((value, context) => {
    const pairs = value.split(/,(?=\s*[a-z_]+=)/).map((pair) => /^\s*([a-z_]+)=(.+)$/.exec(pair));
    if (pairs.every((pair) => pair !== null)) return Object.fromEntries(pairs.map(([, column = '', title = '']) => [column, title.trim()]));
    context.issues.push({ code: 'custom', message: 'must be as prefix=Code,rate=Price', input: value });
    return z.NEVER;
  })
  .optional()
  .meta({ description: 'Which title of the file, or which column as #3, is which of ours.', example: 'prefix=Code,rate=Price' });

/** A `+` that was not escaped in the URL has become a space. */
const zone = text(64)
  .transform((name) => name.replace(/^ /, '+'))
  .refine((name) => localClockOf(name) !== undefined, 'must be an IANA time zone or an offset')
  .default('UTC')
  .meta({ description: 'Whose dates the file has, by IANA name or offset.', example: 'Europe/Vienna' });

const words = text(1024)
  .transform((value) => value.split(',').map((word) => word.trim()).filter((word) => word !== ''))
  .optional()
  .meta({ description: 'By commas, what the file has in place of a rate that is blocked, besides "blocked".', example: 'closed,n/a' });

/** `peak=mon-fri 08:00-20:00;weekend=sat-sun`; the catalog reads what a window is. */
const windows = text(8192)
  .transform((value, context) => {
    const pairs = value.split(';').filter((pair) => pair.trim() !== '').map((pair) => /^\s*([^=]+?)\s*=\s*(.+?)\s*$/.exec(pair));
    if (pairs.every((pair) => pair !== null)) return Object.fromEntries(pairs.map(([, name = '', window = '']) => [name, window]));
    context.issues.push({ code: 'custom', message: 'must be as peak=mon-fri 08:00-20:00;weekend=sat-sun', input: value });
    return z.NEVER;
  })
  .optional()
  .meta({ description: 'Time windows by the names that the file has for them, in the column timing or as titles of columns with rates.', example: 'peak=mon-fri 08:00-20:00;weekend=sat-sun' });

const flag = z.enum(['true', 'false', '1', '0', '']).default('false').transform((value) => value !== 'false' && value !== '0');

/** Whose rates a streamed file holds, and how the carrier writes them, as far as the file itself does not tell. */
export const deckImport = z
  .strictObject({
    kind, ownerId: wholeText(1, idMax),
    columns, delimiter, map, zone,
    headerLine: wholeText(1, 1_000_000).optional().meta({ description: 'The line of the header; looked for in the first 50 rows where it is not said.' }),
    noHeader: flag.meta({ description: 'The first row is a rate already.' }),
    dateOrder: z.enum(['iso', 'dmy', 'mdy']).default('iso').meta({ description: 'What 01/02/2026 is; refused where it is not said.' }),
    validFrom: text(40).optional().meta({ description: 'When rates without a date begin, as a date.', example: '2026-12-31' }),
    rateUnitSec: wholeText(1, 3600).default(60).meta({ description: 'Rates are for so many seconds.' }),
    decimal: z.enum([',', '.', '']).default('').meta({ description: 'The decimal mark; a comma is one, too, where it does not part the cells.' }),
    blockedWords: words,
    sheet: text(100).optional().meta({ description: 'The sheet of a workbook, by name or number; the first that has a header where it is not said.' }),
    windows,
    windowZone: text(64).optional().meta({ description: 'The IANA zone whose clocks the windows go by; that of the plan where it is not said.', example: 'Europe/Vienna' }),
    amends: flag.meta({ description: 'The file holds changes: prefixes that it does not name keep the rates in force.' }),
    dryRun: flag.meta({ description: 'Read and check the file, and make no version of it.' }),
  })
  .transform(({ kind, ownerId, columns, delimiter, amends, dryRun, map = {}, validFrom = '', headerLine = 0, blockedWords = [], sheet = '', windows = {}, windowZone = '', ...layout }) => ({
    ...{ kind, ownerId, delimiter, amends, dryRun },
    columns: columns?.split(',').map((name) => name.trim()) ?? [],
    layout: { ...layout, titles: map, validFrom, headerLine, blockedWords, sheet, windows, windowZone },
  }));
export type DeckImport = z.output<typeof deckImport>;
