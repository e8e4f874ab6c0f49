import { refuse, ok, type Result } from '@tollwire/core';
import type { CodedRefusal } from '@tollwire/contracts';

/** The names that carriers give to columns, in lower case with `_` between words. The first is the column's own. */
const names = {
  prefix: [
    'prefix', 'prefixes', 'code', 'codes', 'dial_code', 'dial_codes', 'dialcode', 'dialing_code', 'dialling_code', 'destination_code',
    'digits', 'number_prefix',
  ],
  country_code: ['country_code', 'countrycode', 'cc', 'international_code', 'country_dial_code'],
  area_code: ['area_code', 'area_codes', 'areacode', 'city_code', 'city_codes', 'ac', 'ndc'],
  rate: [
    'rate', 'price', 'cost', 'rate_per_min', 'rate_per_minute', 'price_per_min', 'price_per_minute', 'rate_min', 'price_min', 'new_rate',
    'new_price', 'current_rate',
  ],
  rate_unit: ['rate_unit', 'unit', 'per', 'price_unit', 'charging_unit'],
  currency: ['currency', 'ccy', 'curr'],
  connect_fee: ['connect_fee', 'connectfee', 'connection_fee', 'connection_charge', 'setup_fee', 'set_up_fee'],
  increments: ['increments', 'billing_increment', 'billing_increments', 'billing', 'intervals', 'rounding', 'pulse', 'billing_terms'],
  minimum: ['minimum', 'minimum_duration', 'min_duration', 'minimum_time'],
  initial_increment: ['initial_increment', 'first_increment', 'initial_interval', 'first_interval', 'interval_1'],
  increment: ['increment', 'next_increment', 'subsequent_increment', 'next_interval', 'interval', 'interval_n'],
  valid_from: ['valid_from', 'effective', 'effective_date', 'effective_from', 'start_date', 'from_date', 'date_effective', 'eff_date', 'validfrom', 'effectivedate'],
  valid_until: ['valid_until', 'valid_to', 'effective_until', 'effective_to', 'expires', 'expiry_date', 'end_date', 'until_date'],
  blocked: ['blocked', 'block', 'barred'],
  destination: ['destination', 'destination_name', 'dest', 'description', 'breakout', 'zone', 'area', 'route_name'],
  country: ['country', 'country_name'],
  timing: ['timing', 'time_window', 'time_band', 'timeband', 'time_of_day', 'peak_off_peak'],
  steps: ['steps', 'further_steps'],
  disconnect_fee: ['disconnect_fee', 'disconnection_fee'],
  disconnect_fee_after: ['disconnect_fee_after'],
  attempt_fee: ['attempt_fee', 'call_attempt_fee', 'failed_call_fee'],
  min_charge: ['min_charge', 'minimum_charge', 'minimum_call_charge'],
  free_below: ['free_below'],
  added_grace: ['added_grace'],
  block_fee: ['block_fee'],
  block_length: ['block_length'],
  max_cost: ['max_cost', 'maximum_cost'],
  tax_percent: ['tax_percent'],
} as const satisfies Record<string, readonly string[]>;

/** What a column of a carrier's file may hold. */
export type DeckColumn = keyof typeof names;

/** Where each column stands in a row; a file need not have them all. */
export type ColumnPlaces = { readonly [Column in DeckColumn]?: number } & {
  /** Columns that hold the rate of a window each, by the name of the window in lower case. */
  readonly windowRates?: Readonly<Record<string, number>>;
  /** How many cells the header has; absent where there is none. */
  readonly width?: number;
  /** The currency that the title of the rates names, as in `Rate (USD)`. */
  readonly rateCurrency?: string;
  /** Titles of columns that hold nothing that is known. */
  readonly passedOver?: readonly string[];
};

/** Titles under which a file has columns, as the one who loads it says: `Price`, or `#3` for the third column. */
export type ColumnTitles = { readonly [Column in DeckColumn]?: string };

const columnNames = Object.keys(names).flatMap((name) => columnOf(name) ?? []);
const columnOfName: ReadonlyMap<string, DeckColumn> = new Map(columnNames.flatMap((column) => names[column].map((name) => [name, column] as const)));

/** The columns of a file that has neither a header nor a list of columns given. */
export const defaultColumns: readonly string[] = ['prefix', 'rate', 'valid_from'];
const PLACE_MAX = 200;

/** The column of this name of ours, if there is one. */
export function columnOf(name: string): DeckColumn | undefined {
  return isColumn(name) ? name : undefined;
}

/** All columns, for whoever is told which there are. */
export function allColumns(): readonly string[] {
  return columnNames;
}

/**
 * Finds the columns by the titles given, else by the names that are known, and the rates of windows under the names of those;
 * other columns are passed over. Refuses when the prefix or any rate is nowhere, a title that was given is missing, or two
 * columns hold the same.
 */
export function columnPlaces(row: readonly string[], titles: ColumnTitles = {}, windowNames: readonly string[] = []): Result<ColumnPlaces, CodedRefusal> {
  const places: { [Column in DeckColumn]?: number } = {};
  for (const column of columnNames) {
    const title = titles[column];
    if (title === undefined) continue;
    const place = placeOf(row, title);
    if (place === undefined) return refuse(malformed(`No column has the title "${title}" that was given for ${column}.`));
    places[column] = place;
  }
  const taken = new Set<number | undefined>(Object.values(places));
  for (const [place, title] of row.entries()) {
    const column = taken.has(place) ? undefined : columnNamed(title);
    if (column === undefined || titles[column] !== undefined) continue;
    if (places[column] !== undefined) return refuse(twice(column));
    places[column] = place;
  }
  if (places.prefix === undefined && places.country_code === undefined) return refuse(missing('prefix'));
  const rates = windowRates(row, windowNames, new Set(Object.values(places)));
  if (places.rate === undefined && rates === undefined) return refuse(missing('rate'));
  // Who says which column holds the rates knows what its title says.
  const rateCurrency = titles.rate === undefined ? currencyIn(row[places.rate ?? -1] ?? '') : undefined;
  return ok({ ...places, ...(rates === undefined ? {} : { windowRates: rates }), ...(rateCurrency === undefined ? {} : { rateCurrency }) });
}

const TITLE_MAX = 100;

/** The titles of a header under which nothing was found, as they can be kept and shown. */
export function passedOver(header: readonly string[], { windowRates: windows = {}, width: _, rateCurrency: __, passedOver: ___, ...places }: ColumnPlaces): string[] {
  const used = new Set([...Object.values(places), ...Object.values(windows)]);
  return header.flatMap((title, place) => {
    const shown = title.slice(0, TITLE_MAX).replaceAll(/[\s\p{Cc}]+/gu, ' ').trim().toWellFormed();
    return used.has(place) || shown === '' ? [] : [shown];
  });
}

/** Refuses a file whose title of the rates names another currency than that of the plan. */
export function currencyFault({ rateCurrency }: ColumnPlaces, currency: string): CodedRefusal | undefined {
  if (rateCurrency === undefined || currency === '' || rateCurrency === currency) return undefined;
  return {
    code: 'currency_mismatch', field: 'csv', facts: { currency: rateCurrency },
    detail: `The title of the rates names ${rateCurrency}, and the plan is in ${currency}; import them into a plan in ${rateCurrency}.`,
  };
}

/** `Peak`, `Peak rate` and `Price peak` are the rate of the window `peak`. */
function windowRates(row: readonly string[], windowNames: readonly string[], taken: ReadonlySet<number | undefined>): Readonly<Record<string, number>> | undefined {
  const titles = row.map((title, place) => (taken.has(place) ? '' : nameOf(title).replace(/^(?:rate|price)_|_(?:rate|price)$/g, '')));
  const found = windowNames.flatMap((name): [string, number][] => {
    const place = titles.indexOf(nameOf(name));
    return place < 0 || nameOf(name) === '' ? [] : [[name, place]];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

/** Whether a row is a header that cannot be used, because two of its columns hold the same. */
export function isAmbiguous(refusal: CodedRefusal): boolean {
  return refusal.facts?.['twice'] !== undefined;
}

/** The places of columns that were all given by number; undefined where some were given by title. */
export function numberedPlaces(titles: ColumnTitles): ColumnPlaces | undefined {
  const given = columnNames.filter((column) => titles[column] !== undefined);
  if (given.length === 0 || given.some((column) => numberOf(titles[column] ?? '') === undefined)) return undefined;
  return Object.fromEntries(given.map((column) => [column, numberOf(titles[column] ?? '')]));
}

/** How many cells of a row are titles of columns that are known. */
export function knownTitles(row: readonly string[]): number {
  return row.filter((cell) => columnNamed(cell) !== undefined).length;
}

/** Whether a first row is data already, be it good or bad: no cell of a header is a number. */
export function isDataRow(cells: readonly string[]): boolean {
  return cells.some((cell) => /^\s*\d+(?:[.,]\d+)?\s*$/.test(cell));
}

function placeOf(row: readonly string[], title: string): number | undefined {
  const number = numberOf(title);
  if (number !== undefined) return number;
  const place = row.findIndex((cell) => cell.trim() === title.trim());
  const similar = place >= 0 ? place : row.findIndex((cell) => nameOf(cell) === nameOf(title) && nameOf(title) !== '');
  return similar >= 0 ? similar : undefined;
}

/** `#3` is the third column. */
function numberOf(title: string): number | undefined {
  const [, digits] = /^#(\d{1,3})$/.exec(title.trim()) ?? [];
  const number = Number(digits);
  return number >= 1 && number <= PLACE_MAX ? number - 1 : undefined;
}

const brackets = /[([{]([^)\]}]*)[)\]}]/g;
/** Columns of which brackets may change what they hold, as in `Rate (per sec)`. */
const amounts: ReadonlySet<DeckColumn> = new Set(['rate', 'connect_fee', 'disconnect_fee', 'attempt_fee', 'min_charge', 'block_fee', 'max_cost']);

/** The column of a title. `Dial Code(s)` and `Effective Date (dd/mm/yyyy)` are what they are without the brackets; an amount is not. */
function columnNamed(title: string): DeckColumn | undefined {
  const column = columnOfName.get(nameOf(title));
  if (column !== undefined || !/[([{]/.test(title)) return column;
  const bare = columnOfName.get(nameOf(title.replaceAll(brackets, ' ')));
  return bare === undefined || amounts.has(bare) ? undefined : bare;
}

const currencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** The words of a title; a currency among them, as in `Rate (USD)`, says nothing of what the column is. */
function nameOf(title: string): string {
  const bare = title.replaceAll(brackets, (whole, within: string) => (currencies.has(within.trim()) ? ' ' : whole));
  const words = bare.trim().toLowerCase().replaceAll(/[^a-z0-9]+/g, '_').replaceAll(/^_|_$/g, '');
  return words.replaceAll(/_(?:usd|eur|gbp|chf)(?=_|$)/g, '');
}

/** The currency that a title names: in brackets, by its sign, or one of the most common as a word. */
function currencyIn(title: string): string | undefined {
  for (const [, within = ''] of title.matchAll(brackets)) {
    const code = within.split(/[^A-Za-z]+/).find((word) => currencies.has(word));
    if (code !== undefined) return code;
  }
  if (title.includes('€')) return 'EUR';
  if (title.includes('£')) return 'GBP';
  return /\b(?:usd|eur|gbp|chf)\b/i.exec(title.replaceAll('_', ' '))?.[0].toUpperCase();
}

function isColumn(name: string): name is DeckColumn {
  return Object.hasOwn(names, name);
}

function missing(column: DeckColumn): CodedRefusal {
  return malformed(`No column is named ${column}; name the columns when the import begins.`);
}

function twice(column: DeckColumn): CodedRefusal {
  return { ...malformed(`Two columns hold the ${column}; name the columns when the import begins.`), facts: { twice: column } };
}

function malformed(detail: string): CodedRefusal {
  return { code: 'deck_malformed', detail, field: 'columns' };
}
