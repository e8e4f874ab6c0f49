import { refuse, ok, type Result } from '@tollwire/core';
import type { CodedRefusal } from '@tollwire/contracts';

/** What a column of a carrier's file may hold. */
export type DeckColumn =
  | 'prefix' | 'rate' | 'connect_fee' | 'increments' | 'initial_increment' | 'increment' | 'valid_from' | 'valid_until' | 'blocked';

/** Where each column stands in a row; a file need not have them all. */
export type ColumnPlaces = { readonly [Column in DeckColumn]?: number };

/** The names that carriers give to columns, in lower case with `_` between words. */
const names: Readonly<Record<DeckColumn, readonly string[]>> = {
  prefix: ['prefix', 'code', 'dial_code', 'dialcode', 'dialing_code', 'destination_code', 'digits', 'number_prefix'],
  rate: ['rate', 'price', 'cost', 'rate_per_min', 'rate_per_minute', 'price_per_min', 'price_per_minute', 'rate_min', 'price_min'],
  connect_fee: ['connect_fee', 'connectfee', 'connection_fee', 'setup_fee', 'set_up_fee'],
  increments: ['increments', 'billing_increment', 'billing_increments', 'billing', 'intervals'],
  initial_increment: ['initial_increment', 'first_increment', 'initial_interval', 'first_interval', 'minimum_duration'],
  increment: ['increment', 'next_increment', 'subsequent_increment', 'next_interval', 'interval'],
  valid_from: ['valid_from', 'effective', 'effective_date', 'effective_from', 'start_date', 'from_date'],
  valid_until: ['valid_until', 'valid_to', 'effective_until', 'expires', 'expiry_date', 'end_date', 'until_date'],
  blocked: ['blocked', 'block', 'barred'],
};

const columnOfName: ReadonlyMap<string, DeckColumn> = new Map(
  (['prefix', 'rate', 'connect_fee', 'increments', 'initial_increment', 'increment', 'valid_from', 'valid_until', 'blocked'] as const)
    .flatMap((column) => names[column].map((name) => [name, column] as const)),
);

/** The columns of a file that has neither a header nor a list of columns given. */
export const defaultColumns: readonly string[] = ['prefix', 'rate', 'valid_from'];

/** Finds the columns by their names; unknown ones are passed over. Refuses when the prefix or the rate is nowhere, or twice. */
export function columnPlaces(titles: readonly string[]): Result<ColumnPlaces, CodedRefusal> {
  const places: { [Column in DeckColumn]?: number } = {};
  for (const [place, title] of titles.entries()) {
    const column = columnOfName.get(nameOf(title));
    if (column === undefined) continue;
    if (places[column] !== undefined) return refuse(malformed(`Two columns hold the ${column}; name the columns when the import begins.`));
    places[column] = place;
  }
  for (const column of ['prefix', 'rate'] as const) {
    if (places[column] === undefined) return refuse(malformed(`No column is named ${column}; name the columns when the import begins.`));
  }
  return ok(places);
}

/** Whether a first row is data already, be it good or bad: no cell of a header is a number. */
export function isDataRow(cells: readonly string[]): boolean {
  return cells.some((cell) => /^\s*\d+(?:[.,]\d+)?\s*$/.test(cell));
}

function nameOf(title: string): string {
  return title.trim().toLowerCase().replaceAll(/[^a-z0-9]+/g, '_').replaceAll(/^_|_$/g, '');
}

function malformed(detail: string): CodedRefusal {
  return { code: 'deck_malformed', detail, field: 'columns' };
}
