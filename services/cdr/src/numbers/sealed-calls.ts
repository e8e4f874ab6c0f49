import { randomBytes } from 'node:crypto';
import { present } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { maskedNumber } from '@tollwire/telecom';
import type { CallRow } from '../projections/call-row.ts';
import { indexOf } from './number-index.ts';
import { type DayKeys, dayOf, keysIn, type NumberKeys } from './number-keys.ts';
import { movedTexts, placesIn, stepsOf } from './sealed-texts.ts';

/**
 * How the texts of a row that name people are sealed: by the key of which day and under which nonce. Both null: they are
 * not, because the row is older than the keys, or its day is erased and they are masked.
 */
export interface Sealed {
  readonly numbers_day: number | null;
  readonly numbers_nonce: bigint | null;
}

/** The same with the marks by which the row is found. */
export interface Sealing extends Sealed {
  readonly number_index: readonly bigint[] | null;
}

const unsealed: Sealing = { numbers_day: null, numbers_nonce: null, number_index: null };

/** Rows as they are stored: sealed by the key of the day of their call, each under a nonce that is never used again. */
export async function sealed(tx: Sql, keys: NumberKeys, rows: readonly CallRow[]): Promise<(CallRow & Sealing)[]> {
  const days = rows.map((row) => dayOf(row.started_at_us));
  const byDay = await keys.forDays(tx, days);
  return groupwise(rows, days, (day, ofDay) => sealedOf(keysIn(byDay, day), day, ofDay));
}

function sealedOf(keys: DayKeys | null, day: number, rows: readonly CallRow[]): (CallRow & Sealing)[] {
  if (keys === null) return rows.map((row) => ({ ...maskedRow(row), ...unsealed }));
  const random = randomBytes(8 * rows.length);
  const nonces = rows.map((_, at) => random.readBigInt64LE(8 * at));
  const index = indexOf(keys.index, rows);
  return movedRows(keys.call, rows, nonces, 1, (row, texts, at) => ({ ...withTexts(row, texts), numbers_day: day, numbers_nonce: nonces[at] ?? 0n, number_index: index[at] ?? [] }));
}

/** Rows as they were before they were sealed; masked, where their day was erased. */
export async function opened<Row extends CallRow & Sealed>(sql: Sql, keys: NumberKeys, rows: readonly Row[]): Promise<Row[]> {
  const byDay = await keys.forDays(sql, rows.flatMap(({ numbers_day: day }) => day ?? []));
  return groupwise(rows, rows.map(({ numbers_day: day }) => day), (day, ofDay) => {
    if (day === null) return ofDay;
    const dayKeys = keysIn(byDay, day);
    return dayKeys === null ? ofDay.map(maskedRow) : movedRows(dayKeys.call, ofDay, ofDay.map(({ numbers_nonce: nonce }) => nonce ?? 0n), -1, withTexts);
  });
}

/** Makes something of all items of a group at once, and puts the results into the order of the items. */
function groupwise<Item, Group, Made>(items: readonly Item[], groups: readonly Group[], make: (group: Group, items: readonly Item[]) => readonly Made[]): Made[] {
  const places = Map.groupBy(items.keys(), (at) => present(groups[at] === undefined ? undefined : { group: groups[at] }, 'the group of an item').group);
  if (places.size === 1) return [...places.keys()].flatMap((group) => [...make(group, items)]);
  const made = new Map<number, Made>();
  for (const [group, ats] of places) {
    const ofGroup = new Set(ats);
    const results = make(group, items.filter((_, at) => ofGroup.has(at)));
    ats.forEach((at, each) => made.set(at, present(results[each], 'what was made of an item')));
  }
  return items.map((_, at) => present(made.get(at), 'what was made of an item'));
}

/** The texts of a row that name people, in one order. A channel is named by the switch, mostly after who calls. */
function textsOf({ cli, callednumber, called_e164: e164, channel, underlay }: CallRow): string[] {
  const { started } = underlay ?? {};
  return [cli, callednumber, e164 ?? '', channel, ...(started === undefined ? [] : [started.cli, started.calledNumber, started.channel])];
}

function withTexts<Row extends CallRow>(row: Row, [cli = '', callednumber = '', e164 = '', channel = '', ...told]: readonly string[]): Row {
  const called = row.called_e164 === null ? null : e164;
  const { underlay } = row;
  if (underlay?.started === undefined) return { ...row, cli, callednumber, called_e164: called, channel };
  const [toldCli = '', calledNumber = '', toldChannel = ''] = told;
  return { ...row, cli, callednumber, called_e164: called, channel, underlay: { ...underlay, started: { ...underlay.started, cli: toldCli, calledNumber, channel: toldChannel } } };
}

/** Rows as they read when what they said of people is erased. */
export function masked<Row extends CallRow>(rows: readonly Row[]): Row[] {
  return rows.map(maskedRow);
}

function maskedRow<Row extends CallRow>(row: Row): Row {
  return withTexts(row, textsOf(row).map(maskedNumber));
}

/** What `make` makes of each row and its moved texts. All texts of a batch are moved as one. */
function movedRows<Row extends CallRow, Made>(key: Buffer, rows: readonly Row[], nonces: readonly bigint[], by: 1 | -1, make: (row: Row, texts: readonly string[], at: number) => Made): Made[] {
  const texts = rows.map(textsOf);
  const places = placesIn(texts);
  const all = movedTexts(texts, places, stepsOf(key, nonces, places), by);
  return rows.map((row, at) => make(row, all[at] ?? [], at));
}
