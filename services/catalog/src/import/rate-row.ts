import { nanosOf } from '@tollwire/telecom';
import type { Rate } from '../domain/rate-columns.ts';
import type { ColumnPlaces, DeckColumn } from './deck-columns.ts';

/** Why a row of a deck is not taken. Published; a code is never renamed. */
export type RowErrorCode =
  | 'row_malformed'
  | 'prefix_missing' | 'prefix_malformed' | 'unknown_prefix' | 'duplicate_prefix'
  | 'rate_missing' | 'rate_malformed' | 'rate_out_of_range'
  | 'connect_fee_malformed'
  | 'increment_malformed'
  | 'date_malformed' | 'validity_empty'
  | 'blocked_malformed';

/** What is wrong with a row, and the cell at fault. */
export interface RowFault {
  readonly column: DeckColumn | '';
  readonly code: RowErrorCode;
  readonly value: string;
}

/** Reads a row's cells as a rate, or says what is wrong with the first bad one. */
export type RowReader = (cells: readonly string[]) => Rate | RowFault;

/** A price per minute above this is a typing error, whatever the currency; it keeps every product within 64 bits. */
const NANOS_MAX = 1_000_000n * 1_000_000_000n;
const INCREMENT_SEC_MAX = 3600;
const CACHE_MAX = 100_000;
const VALUE_MAX = 100;

export interface RowReaderOptions {
  readonly places: ColumnPlaces;
  /** `0,09` is a decimal where the comma does not part the cells. */
  readonly decimalComma: boolean;
  /** Whether a prefix belongs to the number plan. */
  readonly isKnownPrefix: (prefix: string) => boolean;
}

/**
 * Makes the reader of a file's rows. A cell is read once for each different text: a deck of a million rows has a few
 * hundred different rates, increments and dates.
 */
export function rowReader({ places, decimalComma, isKnownPrefix }: RowReaderOptions): RowReader {
  const amount = cached((text: string) => amountOf(decimalComma ? text.replace(',', '.') : text));
  const increments = cached(incrementsOf);
  const seconds = cached(secondsOf);
  const instantUs = cached(instantUsOf);
  const flag = cached(flagOf);

  return (cells) => {
    const cell = (column: DeckColumn) => (places[column] === undefined ? '' : (cells[places[column]] ?? '').trim());
    const fault = (column: DeckColumn, code: RowErrorCode): RowFault => ({ column, code, value: cell(column).slice(0, VALUE_MAX) });

    const prefix = cell('prefix');
    if (prefix === '') return fault('prefix', 'prefix_missing');
    if (!/^\d{1,15}$/.test(prefix)) return fault('prefix', 'prefix_malformed');
    if (!isKnownPrefix(prefix)) return fault('prefix', 'unknown_prefix');
    const blocked = flag(cell('blocked'));
    if (blocked === undefined) return fault('blocked', 'blocked_malformed');
    const rate = cell('rate');
    if (rate === '' && !blocked) return fault('rate', 'rate_missing');
    const ratePerMinNanos = rate === '' ? 0n : amount(rate);
    if (typeof ratePerMinNanos === 'string') return fault('rate', ratePerMinNanos);
    const fee = cell('connect_fee');
    const connectFeeNanos = fee === '' ? 0n : amount(fee);
    if (typeof connectFeeNanos === 'string') return fault('connect_fee', 'connect_fee_malformed');

    const both = cell('increments');
    const [initialOfBoth, nextOfBoth] = increments(both) ?? [];
    if (initialOfBoth === undefined || nextOfBoth === undefined) return fault('increments', 'increment_malformed');
    const next = cell('increment');
    const incrementSec = next === '' ? nextOfBoth : seconds(next);
    if (incrementSec === undefined) return fault('increment', 'increment_malformed');
    const initial = cell('initial_increment');
    const initialIncrementSec = initial !== '' ? seconds(initial) : both === '' ? incrementSec : initialOfBoth;
    if (initialIncrementSec === undefined) return fault('initial_increment', 'increment_malformed');

    const validFromUs = instantUs(cell('valid_from'));
    if (validFromUs === undefined) return fault('valid_from', 'date_malformed');
    const validUntilUs = instantUs(cell('valid_until'));
    if (validUntilUs === undefined) return fault('valid_until', 'date_malformed');
    if (validUntilUs !== 0 && validUntilUs <= validFromUs) return fault('valid_until', 'validity_empty');
    return { prefix, ratePerMinNanos, connectFeeNanos, initialIncrementSec, incrementSec, validFromUs, validUntilUs, blocked };
  };
}

function amountOf(text: string): bigint | RowErrorCode {
  const amount = nanosOf(text);
  if (!amount.ok) return 'rate_malformed';
  return amount.value < 0n || amount.value > NANOS_MAX ? 'rate_out_of_range' : amount.value;
}

/** `30/6`: the first 30 s, then steps of 6 s; `60` alone stands for both. A deck that says nothing bills by the second. */
function incrementsOf(text: string): readonly [initialSec: number, nextSec: number] | undefined {
  if (text === '') return [1, 1];
  const [initial = '', next = initial, ...more] = text.split('/');
  const [initialSec, nextSec] = [secondsOf(initial.trim()), secondsOf(next.trim())];
  return initialSec === undefined || nextSec === undefined || more.length > 0 ? undefined : [initialSec, nextSec];
}

function secondsOf(text: string): number | undefined {
  if (!/^\d{1,4}$/.test(text)) return undefined;
  const seconds = Number(text);
  return seconds >= 1 && seconds <= INCREMENT_SEC_MAX ? seconds : undefined;
}

/** An ISO 8601 date (its midnight) or date and time, UTC where it names no zone; 0 where there is none. */
function instantUsOf(text: string): number | undefined {
  if (text === '') return 0;
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z|[+-]\d{2}:\d{2})?)?$/.exec(text);
  if (match === null) return undefined;
  const [, date = '', time = '00:00', zone = 'Z'] = match;
  const [midnightMs, ms] = [Date.parse(`${date}T00:00Z`), Date.parse(`${date}T${time}${zone}`)];
  if (Number.isNaN(midnightMs) || Number.isNaN(ms) || ms <= 0) return undefined;
  // Date.parse takes 30 February for 1 March.
  return new Date(midnightMs).toISOString().startsWith(date) ? ms * 1000 : undefined;
}

function flagOf(text: string): boolean | undefined {
  if (/^(|0|n|no|f|false)$/i.test(text)) return false;
  return /^(1|y|yes|t|true|x|blocked)$/i.test(text) ? true : undefined;
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
