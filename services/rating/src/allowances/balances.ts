import type { InstantUs } from '@tollwire/core';
import { pgArray, type Sql } from '@tollwire/event-store';
import { type Bucket, bucketsFor, type Draw, drawFrom, type Grant } from '../domain/allowance.ts';
import { planKey, type PlanRef } from '../domain/tables.ts';
import { grantOf, grantsTo } from './grant-rows.ts';
import type { AllowanceTargets } from './targets.ts';

/** A call that may use free seconds of its payer. */
export interface DrawingCall {
  readonly callKey: string;
  /** Of the rating that is being made; a later one gives back first what the earlier ones took. */
  readonly revision: number;
  readonly partyKey: string;
  readonly plan: PlanRef | undefined;
  /** When it begins. */
  readonly at: InstantUs;
  /** Undefined: wherever it goes. */
  readonly e164: string | undefined;
}

/** Seconds of one bucket of one party. */
export interface BucketSec {
  readonly partyKey: string;
  readonly grantId: string;
  readonly period: number;
  readonly sec: number;
}

/** What a call took, and what was given back of its earlier ratings. */
export interface Drawn<Call extends DrawingCall = DrawingCall> {
  readonly call: Call;
  readonly draws: readonly Draw[];
  readonly givenBack: readonly BucketSec[];
}

interface HoldRow {
  readonly call_key: string;
  readonly party_key: string;
  readonly grant_id: string;
  readonly period: number;
  readonly sec: number;
}

/** `false` in the end: the row is locked, and not written anew. */
const lockParties = `
  insert into allowance_party (party_key) select k from unnest($1::text[]) as k order by k
  on conflict (party_key) do update set party_key = excluded.party_key where false`;

const selectRated = `
  select r.call_key from rated_call r
  join unnest($1::text[], $2::int[]) as k (call_key, revision) on r.call_key = k.call_key and r.revision = k.revision`;

const selectUsed = `
  select b.party_key, b.grant_id, b.period, b.used_sec as sec from allowance_bucket b
  join unnest($1::text[], $2::text[], $3::int[]) as k (party_key, grant_id, period)
    on b.party_key = k.party_key and b.grant_id = k.grant_id and b.period = k.period`;

const selectHolds = `
  select call_key, party_key, grant_id, period, sec from allowance_hold where party_key = any($1::text[]) and until_us > $2`;

const selectTaken = `
  select call_key, party_key, grant_id, period, sum(sec)::int as sec from allowance_use
  where call_key = any($1::text[]) group by call_key, party_key, grant_id, period having sum(sec) <> 0`;

/**
 * The free seconds that the payers of some calls have left, as one transaction works with them. Seconds that are held for
 * a call are there for that call alone. `draw` and `undo` only decide; `keepUses` and `keepHolds` write what came of it.
 */
export class AllowanceBalances<Call extends DrawingCall> {
  /** The calls whose payers have any grants, in their order. */
  readonly calls: readonly Call[];
  readonly #bucketsOf: ReadonlyMap<Call, readonly Bucket[]>;
  readonly #rated: ReadonlySet<string>;
  readonly #used = new Map<string, number>();
  readonly #holds = new Map<string, Map<string, number>>();
  readonly #taken = new Map<string, readonly BucketSec[]>();

  private constructor(bucketsOf: ReadonlyMap<Call, readonly Bucket[]>, rows: Rows) {
    this.calls = [...bucketsOf.keys()];
    this.#bucketsOf = bucketsOf;
    this.#rated = new Set(rows.rated.map(({ call_key: callKey }) => callKey));
    for (const { party_key: partyKey, grant_id: grantId, period, sec } of rows.used) this.#used.set(keyOf({ partyKey, grantId, period }), sec);
    for (const { call_key: callKey, party_key: partyKey, grant_id: grantId, period, sec } of rows.holds) {
      const key = keyOf({ partyKey, grantId, period });
      this.#holds.set(key, (this.#holds.get(key) ?? new Map<string, number>()).set(callKey, sec));
    }
    for (const row of rows.taken) this.#taken.set(row.call_key, [...(this.#taken.get(row.call_key) ?? []), bucketSecOf(row)]);
  }

  /**
   * Locks the payers who have any grants, in an order of their own, and reads what they have left. Nothing is asked where
   * none has. Refresh the targets first, in the same transaction. Who only looks need not lock.
   */
  static async of<Call extends DrawingCall>(
    sql: Sql, targets: AllowanceTargets, calls: readonly Call[], now: InstantUs, { lock }: { readonly lock: boolean },
  ): Promise<AllowanceBalances<Call>> {
    const granted = calls.filter((call) => mayHave(targets, call));
    if (granted.length === 0) return new AllowanceBalances(new Map(), noRows);
    const parties = [...new Set(granted.map(({ partyKey }) => partyKey))];
    if (lock) await sql.query(lockParties, [parties]);
    const plans = new Set(granted.flatMap(({ plan }) => (plan === undefined ? [] : [planKey(plan)])));
    const rowsTo = await grantsTo(sql, [...parties, ...plans]);
    const grants = new Map([...rowsTo].map(([key, rows]) => [key, rows.map(grantOf)] as const));
    const bucketsOf = new Map(granted.map((call) => [call, bucketsFor(grantsOf(grants, call), call.at, call.e164)] as const));
    return new AllowanceBalances(bucketsOf, await rowsOf(sql, bucketsOf, parties, now));
  }

  /**
   * Takes up to `sec` seconds for a call, out of its buckets in their order, in the place of what was held for it. None for
   * one that has this rating already.
   */
  draw(call: Call, sec: number): Drawn<Call> {
    const buckets = this.#bucketsOf.get(call) ?? [];
    if (this.#rated.has(call.callKey)) return { call, draws: [], givenBack: [] };
    const givenBack = call.revision === 1 ? [] : (this.#taken.get(call.callKey) ?? []);
    for (const back of givenBack) this.#use(back, -back.sec);
    const draws = drawFrom(buckets, (bucket) => this.#availableSec(call, bucket), sec);
    for (const { bucket, sec: taken } of draws) this.#use(placeOf(call, bucket), taken);
    this.release(call.callKey);
    return { call, draws, givenBack };
  }

  /** Puts back what a call was drawn; what was held for it stays let go. */
  undo({ call, draws, givenBack }: Drawn<Call>): void {
    for (const { bucket, sec } of draws) this.#use(placeOf(call, bucket), -sec);
    for (const back of givenBack) this.#use(back, back.sec);
  }

  /** Lets go of what is held for a call, so that those after it find it free. */
  release(callKey: string): void {
    for (const held of this.#holds.values()) held.delete(callKey);
  }

  /** Seconds of a bucket that are used up, and that are held for any call. */
  standOf(call: Call, bucket: Bucket): { readonly usedSec: number; readonly heldSec: number } {
    const key = keyOf(placeOf(call, bucket));
    return { usedSec: this.#used.get(key) ?? 0, heldSec: sumOf(this.#holds.get(key)?.values() ?? []) };
  }

  /** The buckets that a call may use, in their order. */
  bucketsOf(call: Call): readonly Bucket[] {
    return this.#bucketsOf.get(call) ?? [];
  }

  #availableSec(call: Call, bucket: Bucket): number {
    const { usedSec, heldSec } = this.standOf(call, bucket);
    const own = this.#holds.get(keyOf(placeOf(call, bucket)))?.get(call.callKey) ?? 0;
    return bucket.grant.secPerPeriod - usedSec - (heldSec - own);
  }

  #use(place: Omit<BucketSec, 'sec'>, sec: number): void {
    const key = keyOf(place);
    this.#used.set(key, (this.#used.get(key) ?? 0) + sec);
  }
}

interface Rows {
  readonly rated: readonly { readonly call_key: string }[];
  readonly used: readonly Omit<HoldRow, 'call_key'>[];
  readonly holds: readonly HoldRow[];
  readonly taken: readonly HoldRow[];
}

const noRows: Rows = { rated: [], used: [], holds: [], taken: [] };

/** Statements of one connection go one after the other; handed over together, they do not wait for each other's answers. */
async function rowsOf(sql: Sql, bucketsOf: ReadonlyMap<DrawingCall, readonly Bucket[]>, parties: readonly string[], now: InstantUs): Promise<Rows> {
  const calls = [...bucketsOf.keys()];
  const places = calls.flatMap((call) => (bucketsOf.get(call) ?? []).map((bucket) => placeOf(call, bucket)));
  const unique = [...new Map(places.map((place) => [keyOf(place), place])).values()];
  const again = calls.filter(({ revision }) => revision > 1).map(({ callKey }) => callKey);
  const [rated, used, holds, taken] = await Promise.all([
    sql.query<{ call_key: string }>(selectRated, [pgArray('text', calls, ({ callKey }) => callKey), pgArray('integer', calls, ({ revision }) => revision)]),
    sql.query<Omit<HoldRow, 'call_key'>>(selectUsed, [
      pgArray('text', unique, ({ partyKey }) => partyKey), pgArray('text', unique, ({ grantId }) => grantId), pgArray('integer', unique, ({ period }) => period),
    ]),
    sql.query<HoldRow>(selectHolds, [parties, now]),
    again.length === 0 ? [] : sql.query<HoldRow>(selectTaken, [again]),
  ]);
  return { rated, used, holds, taken };
}

/** A call that is rated again may have used what its payer has no more, so where anybody has anything it is looked at. */
function mayHave(targets: AllowanceTargets, { partyKey, plan, revision }: DrawingCall): boolean {
  return targets.has(partyKey) || (plan !== undefined && targets.has(planKey(plan))) || (revision > 1 && !targets.isEmpty);
}

function grantsOf(grants: ReadonlyMap<string, readonly Grant[]>, { partyKey, plan }: DrawingCall): Grant[] {
  return [...(grants.get(partyKey) ?? []), ...(plan === undefined ? [] : (grants.get(planKey(plan)) ?? []))];
}

function placeOf({ partyKey }: DrawingCall, { grant, period }: Bucket): Omit<BucketSec, 'sec'> {
  return { partyKey, grantId: grant.grantId, period };
}

function keyOf({ partyKey, grantId, period }: Omit<BucketSec, 'sec'>): string {
  return `${period} ${grantId}\0${partyKey}`;
}

function bucketSecOf(row: HoldRow): BucketSec {
  return { partyKey: row.party_key, grantId: row.grant_id, period: row.period, sec: row.sec };
}

function sumOf(numbers: Iterable<number>): number {
  let sum = 0;
  for (const number of numbers) sum += number;
  return sum;
}
