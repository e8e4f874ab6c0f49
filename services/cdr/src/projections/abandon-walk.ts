import { type InstantUs, instantUs } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import type { CdrDeps } from '../cdr.deps.ts';
import type { CallRecord } from '../domain/call.ts';
import { cdrOf } from '../domain/cdr.ts';
import type { Change } from './call-store.ts';

/** The rules that go by time, each with the states of calls that it looks at. */
export const walks = { silence: ['started', 'ringing'], max_duration: ['answered'] } as const;
export type Walk = keyof typeof walks;

/** How far a rule has looked at calls by their start, and how often late tellings have sent it back. */
export interface WalkPlace {
  readonly fromUs: bigint;
  readonly sentBack: number;
}

export async function placeOf(sql: Sql, walk: Walk): Promise<WalkPlace> {
  const [place] = await sql.query<WalkPlace>('SELECT walked_until_us AS "fromUs", sent_back AS "sentBack" FROM abandon_walk WHERE rule = $1', [walk]);
  return place ?? { fromUs: 0n, sentBack: 0 };
}

/** Notes that a rule has looked at all calls up to `untilUs`, unless a late telling has sent it back meanwhile. */
export async function noteWalked(sql: Sql, walk: Walk, { sentBack }: WalkPlace, untilUs: bigint): Promise<void> {
  await sql.query('UPDATE abandon_walk SET walked_until_us = $3 WHERE rule = $1 AND sent_back = $2', [walk, sentBack, untilUs]);
}

/**
 * Sends the rules back to calls that are told late and are open: a rule passes each call once, when it falls due. For
 * calls that are told in time this is one comparison each and no statement. Half of the rule's time is left for batches
 * that are being written while the rule walks.
 */
export async function walkAgainFrom(tx: Sql, changes: readonly Change[], { clock, rules }: Pick<CdrDeps, 'clock' | 'rules'>): Promise<void> {
  const lateUs = clock.nowUs() - Math.min(rules.silenceSecMax, rules.callSecMax) * 500_000;
  let earliestUs = lateUs;
  for (const { after } of changes) {
    if (isOpen(after)) earliestUs = Math.min(earliestUs, cdrOf(after).startedAtUs);
  }
  if (earliestUs === lateUs) return;
  await tx.query('UPDATE abandon_walk SET walked_until_us = least(walked_until_us, $1), sent_back = sent_back + 1', [instantUs(earliestUs)]);
}

function isOpen({ ended, rated, abandoned }: CallRecord): boolean {
  return ended === undefined && rated === undefined && abandoned === undefined;
}

/** A call without an end, as it is read to be closed. */
export interface OpenCallRow {
  readonly switch_name: string;
  readonly uniqueid: string;
  readonly leg: number;
  readonly cardid: string | null;
  readonly account_code: string | null;
  readonly started_at_us: bigint;
  readonly answered_at_us: bigint | null;
}

const selectOpen = `
  SELECT s.name AS switch_name, c.uniqueid, c.leg, c.cardid, c.account_code, c.started_at_us, c.answered_at_us
  FROM call c JOIN voip_switch s ON s.id = c.switch_id`;

const dueSql = `${selectOpen} WHERE c.started_at_us >= $1 AND c.started_at_us < $2 AND c.status = ANY($3::text[]) ORDER BY c.started_at_us LIMIT $4`;
const firstSql = 'SELECT started_at_us AS at FROM call WHERE started_at_us >= $1 AND started_at_us < $2 ORDER BY started_at_us LIMIT 1';
const ofSwitchSql = `${selectOpen} WHERE s.name = $1 AND c.started_at_us >= $2 AND c.started_at_us < $3 AND c.status IN ('started', 'ringing', 'answered') ORDER BY c.started_at_us LIMIT $4`;

/** The start of the first call in `[fromUs, untilUs)`, whatever its state. */
export async function firstStartIn(sql: Sql, fromUs: bigint, untilUs: bigint): Promise<bigint | undefined> {
  const [first] = await sql.query<{ at: bigint }>(firstSql, [fromUs, untilUs]);
  return first?.at;
}

/** Open calls of a rule that were set up in `[fromUs, untilUs)`, the earliest first. */
export async function openIn(sql: Sql, walk: Walk, fromUs: bigint, untilUs: bigint, limit: number): Promise<OpenCallRow[]> {
  return await sql.query<OpenCallRow>(dueSql, [fromUs, untilUs, walks[walk], limit]);
}

/** Open calls of a switch that were set up in `[fromUs, untilUs)`, the earliest first. */
export async function openOfSwitch(sql: Sql, switchId: string, fromUs: bigint, untilUs: InstantUs, limit: number): Promise<OpenCallRow[]> {
  return await sql.query<OpenCallRow>(ofSwitchSql, [switchId, fromUs, untilUs, limit]);
}
