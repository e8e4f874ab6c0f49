import { nanosOf, type TimeWindow } from '@tollwire/telecom';
import type { RateTerms } from '../domain/rate-columns.ts';
import type { PlaceName } from '../domain/rate-notes.ts';
import type { ColumnPlaces, DeckColumn } from './deck-columns.ts';
import type { FileOptions } from './file-options.ts';
import { incrementReader } from './increment-cells.ts';
import { prefixesOf } from './prefix-cell.ts';
import { profileReader } from './profile-cells.ts';
import type { RowErrorCode } from './row-errors.ts';
import { validityReader } from './validity-cells.ts';

/** What is wrong with a row, and the cell at fault. */
export interface RowFault {
  readonly column: DeckColumn | '';
  readonly code: RowErrorCode;
  readonly value: string;
}

/** What a row says: a rate for each of its prefixes. Of a row with faults some prefixes may be good, or none. */
export interface RateRow {
  readonly prefixes: readonly string[];
  readonly terms: RateTerms;
  /** Of a row for several windows, the rates after the first. */
  readonly more: readonly RateTerms[];
  readonly faults: readonly RowFault[];
}

/** Reads a row's cells as rates. */
export type RowReader = (cells: readonly string[]) => RateRow;

type Cell = (column: DeckColumn) => string;
type Cells = readonly string[];

/** A price per minute above this is a typing error, whatever the currency; it keeps every product within 64 bits. */
const NANOS_MAX = 1_000_000n * 1_000_000_000n;
const UNIT_SEC_MAX = 3600;
const CACHE_MAX = 2_000;
const VALUE_MAX = 100;
const faultless: readonly RowFault[] = [];
const noMore: readonly RateTerms[] = [];
const onePrefix = /^\d{1,15}$/;

export interface RowReaderOptions {
  readonly places: ColumnPlaces;
  readonly options: Pick<FileOptions, 'dateOrder' | 'zone' | 'validFromUs' | 'rateUnitSec' | 'blockedWords' | 'windows'>;
  /** `0,09` is a decimal. */
  readonly decimalComma: boolean;
  /** Spreadsheets write dates as days since this one, in ms since 1970; null in text. */
  readonly serialFromMs: number | null;
  /** Of the plan whose deck this is. */
  readonly currency: string;
  /** Whether a prefix belongs to the number plan. */
  readonly isKnownPrefix: (prefix: string) => boolean;
}

/**
 * Makes the reader of a file's rows: the rates that a row holds, and what is wrong with it: each bad prefix, or the first
 * other bad cell. A cell is read once for each different text: a deck of a million rows has a few hundred different rates,
 * increments and dates.
 */
export function rowReader(how: RowReaderOptions): RowReader {
  const { places, isKnownPrefix } = how;
  const rowWith = ratesReader(how);
  const codesOf = codesReader(places);
  return (cells) => {
    const cell: Cell = (column) => {
      const place = places[column];
      return place === undefined ? '' : (cells[place] ?? '').trim();
    };
    // Nearly every row of nearly every deck has one prefix that is as it should be.
    const plain = places.prefix === undefined ? '' : cell('prefix');
    if (onePrefix.test(plain) && isKnownPrefix(plain)) return rowWith([plain], faultless, cell, cells);
    const { column, prefixes, faults } = codesOf(cell);
    const isAllKnown = faults.length === 0 && (prefixes.length === 1 ? isKnownPrefix(prefixes[0] ?? '') : prefixes.every(isKnownPrefix));
    const unknown = isAllKnown ? [] : prefixes.filter((prefix) => !isKnownPrefix(prefix));
    const bad = isAllKnown ? faultless : [...faults, ...unknown.map((prefix) => faultOf(column, 'unknown_prefix', prefix))];
    const known = isAllKnown ? prefixes : prefixes.filter(isKnownPrefix);
    if (known.length === 0) return { prefixes: known, terms: noTerms, more: noMore, faults: bad };
    return rowWith(known, bad, cell, cells);
  };
}

function rowOf(prefixes: readonly string[], terms: RateTerms | RowFault, more: readonly RateTerms[], faults: readonly RowFault[]): RateRow {
  return 'code' in terms ? { prefixes: [], terms: noTerms, more: noMore, faults: [...faults, terms] } : { prefixes, terms, more, faults };
}

const noTerms: RateTerms = {
  ratePerMinNanos: 0n, connectFeeNanos: 0n, initialIncrementSec: 1, incrementSec: 1, validFromUs: 0, validUntilUs: 0, blocked: false,
};

interface Codes {
  readonly column: DeckColumn;
  readonly prefixes: readonly string[];
  readonly faults: readonly RowFault[];
}

/** Reads a row's prefixes, be they whole or area codes after a country code; a country code alone is the whole country. */
function codesReader(places: ColumnPlaces): (cell: Cell) => Codes {
  const column = places.prefix === undefined ? 'area_code' : 'prefix';
  return (cell) => {
    const countryCode = column === 'prefix' ? '' : cell('country_code');
    const text = cell(column);
    if (column === 'area_code' && !/^\d{1,15}$/.test(countryCode)) {
      const code = countryCode === '' ? 'prefix_missing' : 'prefix_malformed';
      return { column: 'country_code', prefixes: [], faults: [faultOf('country_code', code, countryCode)] };
    }
    const { prefixes, faults } = text === '' && countryCode !== '' ? prefixesOf(countryCode) : prefixesOf(text, countryCode);
    if (prefixes.length === 0 && faults.length === 0) return { column, prefixes, faults: [faultOf(column, 'prefix_missing', text)] };
    return { column, prefixes, faults: faults.length === 0 ? faultless : faults.map(({ code, value }) => faultOf(column, code, value)) };
  };
}

/** Makes the reader of a row whose prefixes are known: of most files one rate for each, of a row for several windows one for each of those. */
function ratesReader(how: RowReaderOptions): (prefixes: readonly string[], faults: readonly RowFault[], cell: Cell, cells: Cells) => RateRow {
  const { places, options, decimalComma } = how;
  const terms = termsReader(how);
  const amountOf = (unitSec: number | undefined) => (text: string) => {
    const nanos = unitSec === undefined ? 'rate_malformed' : perMinute(decimalComma ? text.replace(',', '.') : text, unitSec);
    return typeof nanos === 'bigint' ? nanos : undefined;
  };
  const profiles = profileReader({
    places, windows: options.windows, feeOf: amountOf(60), rateOf: (text, unit) => amountOf(unitSecOf(unit, options.rateUnitSec))(text),
  });
  if (profiles === undefined) return (prefixes, faults, cell) => rowOf(prefixes, terms(cell), noMore, faults);
  const ratesOf = (cell: Cell, windows?: readonly (TimeWindow | undefined)[]): readonly RateTerms[] | RowFault => {
    const read = terms(cell);
    if ('code' in read) return read;
    const said = profiles(cell, windows);
    if ('column' in said) return faultOf(said.column, profileFaults[said.column] ?? 'charge_malformed', cell(said.column));
    return said.map((profile) => (profile === undefined ? read : { ...read, profile }));
  };
  const columns = Object.entries(places.windowRates ?? {}).map(([name, place]) => ({ windows: options.windows[name] ?? [undefined], place }));
  return (prefixes, faults, cell, cells) => {
    const rates = columns.length === 0 ? ratesOf(cell) : windowRatesOf(cell, cells, columns, ratesOf);
    if ('code' in rates) return rowOf(prefixes, rates, noMore, faults);
    const [first = noTerms, ...more] = rates;
    return rowOf(prefixes, first, more, faults);
  };
}

const profileFaults: { readonly [Column in DeckColumn]?: RowErrorCode } = { timing: 'timing_malformed', steps: 'steps_malformed' };

/** The rates of a row with a column for each window; the column rate, where there is one, is for the times beside them. */
function windowRatesOf(
  cell: Cell,
  cells: Cells,
  columns: readonly { readonly windows: readonly (TimeWindow | undefined)[]; readonly place: number }[],
  ratesOf: (cell: Cell, windows?: readonly (TimeWindow | undefined)[]) => readonly RateTerms[] | RowFault,
): readonly RateTerms[] | RowFault {
  const rates: RateTerms[] = [];
  for (const { windows, place } of columns) {
    const rate = (cells[place] ?? '').trim();
    if (rate === '') continue;
    const read = ratesOf((column) => (column === 'rate' ? rate : cell(column)), windows);
    if ('code' in read) return read;
    rates.push(...read);
  }
  if (cell('rate') === '' && rates.length > 0) return rates;
  const beside = ratesOf(cell);
  return 'code' in beside ? beside : [...rates, ...beside];
}

/** Reads everything of a row but its prefixes and what it says beyond an amount per minute. */
function termsReader({ options, decimalComma, serialFromMs, currency, places }: RowReaderOptions): (cell: Cell) => RateTerms | RowFault {
  const increments = incrementReader();
  const validity = validityReader(options, serialFromMs, cached);
  const flag = cached(flagOf);
  const unit = cached((text: string) => unitSecOf(text, options.rateUnitSec));
  const words = new Set(['blocked', ...options.blockedWords]);
  const amountPer = amountReader(decimalComma);
  const fees = amountPer(60);
  const names = places.destination === undefined && places.country === undefined ? undefined : nameReader();

  return (cell) => {
    const fault = (column: DeckColumn, code: RowErrorCode): RowFault => faultOf(column, code, cell(column));
    const named = cell('currency');
    if (named !== '' && named.toUpperCase() !== currency) return fault('currency', 'currency_mismatch');
    const rate = cell('rate');
    const flagged = flag(cell('blocked'));
    if (flagged === undefined) return fault('blocked', 'blocked_malformed');
    const isWord = rate !== '' && words.has(rate.toLowerCase());
    const blocked = flagged || isWord;
    if (rate === '' && !blocked) return fault('rate', 'rate_missing');
    const unitSec = unit(cell('rate_unit'));
    if (unitSec === undefined) return fault('rate_unit', 'rate_unit_malformed');
    const ratePerMinNanos = rate === '' || isWord ? 0n : amountPer(unitSec)(rate);
    if (typeof ratePerMinNanos === 'string') return fault('rate', ratePerMinNanos);
    const fee = cell('connect_fee');
    const connectFeeNanos = fee === '' ? 0n : fees(fee);
    if (typeof connectFeeNanos === 'string') return fault('connect_fee', 'connect_fee_malformed');
    const steps = increments(cell);
    if ('column' in steps) return fault(steps.column, 'increment_malformed');
    const valid = validity(cell('valid_from'), cell('valid_until'));
    if ('column' in valid) return fault(valid.column, valid.code);
    const { validFromUs, validUntilUs } = valid;
    const read = { ratePerMinNanos, connectFeeNanos, initialIncrementSec: steps.initialSec, incrementSec: steps.nextSec, validFromUs, validUntilUs, blocked };
    return names === undefined ? read : { ...read, name: names(cell('destination'), cell('country')) };
  };
}

/** Reads amounts for so many seconds as amounts per minute, each text once. */
function amountReader(decimalComma: boolean): (unitSec: number) => (text: string) => bigint | RowErrorCode {
  const amounts = new Map<number, (text: string) => bigint | RowErrorCode>();
  return (unitSec) => {
    const known = amounts.get(unitSec) ?? cached((text: string) => perMinute(decimalComma ? text.replace(',', '.') : text, unitSec));
    amounts.set(unitSec, known);
    return known;
  };
}

/** Reads what the file calls places; the same object for the same names. */
function nameReader(): (destination: string, country: string) => PlaceName | undefined {
  const nameOf = cached((key: string): PlaceName => {
    const [destination = '', country = ''] = key.split('\n');
    return { destination, country };
  });
  const shown = (text: string) => text.slice(0, VALUE_MAX).replaceAll(/[\s\p{Cc}]+/gu, ' ').toWellFormed();
  return (destination, country) => (destination === '' && country === '' ? undefined : nameOf(`${shown(destination)}\n${shown(country)}`));
}

function faultOf(column: DeckColumn, code: RowErrorCode, value: string): RowFault {
  return { column, code, value: value.slice(0, VALUE_MAX) };
}

/** An amount for so many seconds as an exact amount per minute; one that nanos cannot tell exactly is refused, not rounded. */
function perMinute(text: string, unitSec: number): bigint | RowErrorCode {
  // Some write nothing before the decimal mark: `.09`.
  const amount = nanosOf(text.startsWith('.') ? `0${text}` : text);
  if (!amount.ok) return 'rate_malformed';
  const [times, per] = [amount.value * 60n, BigInt(unitSec)];
  if (times % per !== 0n) return 'rate_malformed';
  const nanos = times / per;
  return nanos < 0n || nanos > NANOS_MAX ? 'rate_out_of_range' : nanos;
}

/** `min`, `per second`, or a number of seconds. */
function unitSecOf(text: string, otherwise: number): number | undefined {
  if (text === '') return otherwise;
  if (/^(?:per )?(?:m|min|minutes?)$/i.test(text)) return 60;
  if (/^(?:per )?(?:s|sec|seconds?)$/i.test(text)) return 1;
  const [, digits] = /^(\d{1,4})(?: ?s(?:ec)?)?$/i.exec(text) ?? [];
  const seconds = Number(digits);
  return seconds >= 1 && seconds <= UNIT_SEC_MAX ? seconds : undefined;
}

function flagOf(text: string): boolean | undefined {
  if (/^(|0|n|no|f|false|open)$/i.test(text)) return false;
  return /^(1|y|yes|t|true|x|blocked|closed)$/i.test(text) ? true : undefined;
}

function cached<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, { readonly value: T }>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before.value;
    const value = read(text);
    if (known.size < CACHE_MAX) known.set(text, { value });
    return value;
  };
}
