import type { BeginDeckImportRequest, CodedRefusal } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import { localClockOf, type TimeWindow } from '@tollwire/telecom';
import { type Delimiter, delimiters } from './csv-records.ts';
import { type DateOrder, dateOrders, dateReader } from './date-cell.ts';
import { allColumns, columnOf, columnPlaces, type ColumnTitles, type DeckColumn, numberedPlaces } from './deck-columns.ts';
import { timeZoneField } from '../wire/fields.ts';
import type { NamedWindows } from './profile-cells.ts';
import { windowName, windowsOfText } from './window-text.ts';

/** How a file is to be read, as the one who loads it says. What is not said is found in the file. */
export interface FileOptions {
  /** The columns' names in their order; empty: see the header. */
  readonly columns: readonly string[];
  readonly titles: ColumnTitles;
  readonly delimiter: Delimiter | null;
  /** The line of the header; null: it is looked for. */
  readonly header: number | 'none' | null;
  readonly dateOrder: DateOrder;
  readonly zone: string;
  /** µs; when rates without a date begin; 0: with the version. */
  readonly validFromUs: number;
  /** A rate is for so many seconds, where its row does not say. */
  readonly rateUnitSec: number;
  /** `0,09` is a decimal; null: where the comma does not part the cells. */
  readonly decimalComma: boolean | null;
  /** What carriers write where there is no rate, in lower case. */
  readonly blockedWords: readonly string[];
  /** The name of a workbook's sheet, or its number from 1; empty: the first that has a header. */
  readonly sheet: string;
  readonly windows: NamedWindows;
  /** The zone whose clocks the windows go by; empty: that of the plan. */
  readonly windowZone: string;
}

export const defaultOptions: FileOptions = {
  columns: [], titles: {}, delimiter: null, header: null, dateOrder: 'iso', zone: 'UTC', validFromUs: 0, rateUnitSec: 60,
  decimalComma: null, blockedWords: [], sheet: '', windows: {}, windowZone: '',
};

const COLUMNS_MAX = 100;
const LINE_MAX = 1_000_000;
const UNIT_SEC_MAX = 3_600;
const WORDS_MAX = 50;
const TEXT_MAX = 100;
const WINDOWS_MAX = 50;
const WINDOW_TEXT_MAX = 1_000;

type OptionsRequest = Pick<BeginDeckImportRequest, 'columns' | 'delimiter' | 'layout'>;

/** The options of a request. Refuses the first that cannot be, under the name that the caller gave it. */
export function fileOptionsOf({ columns, delimiter, layout }: OptionsRequest): Result<FileOptions, CodedRefusal> {
  if (columns.length > COLUMNS_MAX) return refuse({ code: 'too_many_items', field: 'columns', detail: `Give at most ${COLUMNS_MAX} columns.` });
  const parted = delimiter === '' ? null : delimiters.find((each) => each === delimiter);
  if (parted === undefined) return refuse(malformed('delimiter', 'a comma, a semicolon, a tab or a bar, or leave it out'));
  const windows = windowsOf(layout?.windows ?? {});
  if (!windows.ok) return windows;
  const named = columns.length === 0 ? ok({}) : columnPlaces(columns, {}, Object.keys(windows.value));
  if (!named.ok) return named;
  const titles = titlesOf(layout?.titles ?? {});
  if (!titles.ok) return titles;
  if (columns.length > 0 && Object.keys(titles.value).length > 0) return refuse({ code: 'field_malformed', field: 'map', detail: 'Give either map or columns, not both.' });
  const said = { ...defaultOptions, columns, titles: titles.value, windows: windows.value, delimiter: parted };
  return layout === undefined ? ok(said) : layoutOptions(said, layout);
}

function layoutOptions(said: FileOptions, layout: Exclude<OptionsRequest['layout'], undefined>): Result<FileOptions, CodedRefusal> {
  const dateOrder = layout.dateOrder === '' ? 'iso' : dateOrders.find((order) => order === layout.dateOrder.toLowerCase());
  if (dateOrder === undefined) return refuse(malformed('dateOrder', 'iso, dmy or mdy'));
  const zone = layout.zone === '' ? 'UTC' : layout.zone;
  const clock = localClockOf(zone);
  if (clock === undefined) return refuse(malformed('zone', 'an IANA time zone, as Europe/Vienna, or an offset, as +01:00'));
  const windowZone = timeZoneField(layout.windowZone);
  if (!windowZone.ok) return refuse(malformed('windowZone', 'the IANA name of a time zone, as Europe/Vienna'));
  const validFromUs = dateReader({ order: dateOrder, clock, serialFromMs: null })(layout.validFrom.trim());
  if (validFromUs === undefined || validFromUs === Infinity) return refuse(malformed('validFrom', 'a date, as 2026-12-31'));
  if (layout.headerLine > LINE_MAX) return refuse({ code: 'field_out_of_range', field: 'headerLine', detail: `Give headerLine from 1 to ${LINE_MAX}.` });
  if (layout.headerLine > 0 && layout.noHeader) return refuse({ code: 'field_malformed', field: 'headerLine', detail: 'Give either headerLine or noHeader, not both.' });
  if (layout.rateUnitSec > UNIT_SEC_MAX) return refuse({ code: 'field_out_of_range', field: 'rateUnitSec', detail: 'Give rateUnitSec from 1 to 3600.' });
  if (!['', ',', '.'].includes(layout.decimal)) return refuse(malformed('decimal', 'a comma or a point'));
  const blockedWords = layout.blockedWords.map((word) => word.trim().toLowerCase());
  if (blockedWords.length > WORDS_MAX || blockedWords.some((word) => word === '' || word.length > TEXT_MAX)) {
    return refuse(malformed('blockedWords', `at most ${WORDS_MAX} words of 1 to ${TEXT_MAX} characters`));
  }
  if (layout.sheet.length > TEXT_MAX) return refuse(malformed('sheet', 'the name of a sheet, or its number'));
  if (layout.noHeader && Object.keys(said.titles).length > 0 && numberedPlaces(said.titles) === undefined) {
    return refuse(malformed('map', 'columns by number, as prefix=#1, where there is no header'));
  }
  return ok({
    ...said, dateOrder, zone, validFromUs, blockedWords, sheet: layout.sheet.trim(), windowZone: layout.windowZone,
    header: layout.headerLine > 0 ? layout.headerLine : layout.noHeader ? 'none' : null,
    rateUnitSec: layout.rateUnitSec === 0 ? 60 : layout.rateUnitSec,
    decimalComma: layout.decimal === '' ? null : layout.decimal === ',',
  });
}

function titlesOf(given: Readonly<Record<string, string>>): Result<ColumnTitles, CodedRefusal> {
  const titles: { [Column in DeckColumn]?: string } = {};
  for (const [name, title] of Object.entries(given)) {
    const column = columnOf(name);
    if (column === undefined) return refuse(malformed('map', `columns by their names: ${allColumns().join(', ')}`));
    if (title.trim() === '' || title.length > TEXT_MAX) return refuse(malformed('map', `for ${column} the title of a column, or its number as #3`));
    titles[column] = title;
  }
  const numbered = numberedPlaces(titles);
  if (numbered !== undefined && (numbered.rate === undefined || (numbered.prefix ?? numbered.country_code) === undefined)) {
    return refuse(malformed('map', 'the numbers of both the prefix and the rate'));
  }
  return ok(titles);
}

function windowsOf(given: Readonly<Record<string, string>>): Result<NamedWindows, CodedRefusal> {
  const windows = new Map<string, readonly (TimeWindow | undefined)[]>();
  if (Object.keys(given).length > WINDOWS_MAX) return refuse({ code: 'too_many_items', field: 'windows', detail: `Give at most ${WINDOWS_MAX} windows.` });
  for (const [name, text] of Object.entries(given)) {
    const read = windowName.test(name) && text.length <= WINDOW_TEXT_MAX ? windowsOfText(text, name) : undefined;
    if (read === undefined) return refuse(malformed('windows', `times by names, as peak=mon-fri 08:00-20:00; "${`${name}=${text}`.slice(0, TEXT_MAX)}" is none`));
    windows.set(name.toLowerCase(), read);
  }
  return ok(Object.fromEntries(windows));
}

function malformed(field: string, what: string): CodedRefusal {
  return { code: 'field_malformed', field, detail: `Give ${field} as ${what}.` };
}
