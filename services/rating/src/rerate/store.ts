import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { ReratingFindingsSchema } from '@tollwire/contracts';
import { type InstantUs, instantUs } from '@tollwire/core';
import { pgArray, type Sql } from '@tollwire/event-store';
import { noFindings, type PartyDifference } from './findings.ts';
import type { Findings, Rerating, ReratingOrder } from './rerating.ts';
import { placeBefore } from './walk.ts';

interface Row {
  readonly rerating_id: string;
  readonly requested_by: string;
  readonly reason: string;
  readonly apply: boolean;
  readonly from_us: bigint;
  readonly until_us: bigint;
  readonly plan_kind: 'tariff' | 'voip_plan' | null;
  readonly plan_id: number | null;
  readonly party_key: string | null;
  readonly carrier_code: string | null;
  readonly destination_prefix: string | null;
  readonly include_pre_rated: boolean;
  readonly status: Rerating['status'];
  readonly requested_at_us: bigint;
  readonly finished_at_us: bigint | null;
  readonly reached_us: bigint;
  readonly reached_call_key: string;
  readonly slice_us: bigint;
  readonly call_count: bigint;
  readonly changed_count: bigint;
  readonly refused_count: bigint;
  readonly findings: Buffer;
  readonly known_at_us: bigint | null;
}

const insertOrder = `
  insert into rerating (rerating_id, requested_by, reason, apply, from_us, until_us, plan_kind, plan_id, party_key, carrier_code,
    destination_prefix, include_pre_rated, requested_at_us, reached_us, reached_call_key, slice_us,
    status, call_count, changed_count, refused_count, findings, known_at_us)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 'running', 0, 0, 0, $17, $18)
  on conflict do nothing`;

/** Records that a re-rating was asked for; one that is there under this id stays as it is. */
export async function addRerating(sql: Sql, { reratingId, filter, knownAtUs, apply, reason, by, requestedAt }: ReratingOrder): Promise<void> {
  const { fromUs, untilUs, plan, partyKey, carrierCode, destinationPrefix, includePreRated } = filter;
  const chosen = [plan?.kind, plan?.id, partyKey, carrierCode, destinationPrefix].map((value) => value ?? null);
  const place = placeBefore(fromUs);
  await sql.query(insertOrder, [
    ...[reratingId, by, reason, apply, fromUs, untilUs, ...chosen, includePreRated, requestedAt],
    ...[place.atUs, place.callKey, place.sliceUs, findingsBytes(noFindings), knownAtUs ?? null],
  ]);
}

export async function readRerating(sql: Sql, reratingId: string): Promise<Rerating | undefined> {
  const [row] = await sql.query<Row>('select * from rerating where rerating_id = $1', [reratingId]);
  return row === undefined ? undefined : reratingOf(row);
}

/** The newest re-ratings first. */
export async function listReratings(sql: Sql, limit: number): Promise<Rerating[]> {
  const rows = await sql.query<Row>('select * from rerating order by requested_at_us desc, rerating_id limit $1', [limit]);
  return rows.map(reratingOf);
}

/** The re-rating that is next to be worked on, as it is now; undefined where there is none. */
export async function nextRunning(sql: Sql): Promise<Rerating | undefined> {
  const [row] = await sql.query<Row>(`select * from rerating where status = 'running' order by requested_at_us, rerating_id limit 1`);
  return row === undefined ? undefined : reratingOf(row);
}

/** The oldest is worked on until it is done; who finds it locked leaves it to the one who has it. */
const lockOldest = `
  select * from rerating
  where status = 'running' and rerating_id = $1
    and rerating_id = (select rerating_id from rerating where status = 'running' order by requested_at_us, rerating_id limit 1)
  for update skip locked`;

/** Locks a re-rating; undefined where it is no longer next, or another instance is at it. */
export async function lockRunning(tx: Sql, reratingId: string): Promise<Rerating | undefined> {
  const [row] = await tx.query<Row>(lockOldest, [reratingId]);
  return row === undefined ? undefined : reratingOf(row);
}

const updateProgress = `
  update rerating set status = $2, finished_at_us = $3, reached_us = $4, reached_call_key = $5, slice_us = $6,
    call_count = $7, changed_count = $8, refused_count = $9, findings = $10
  where rerating_id = $1`;

/** Writes how far a locked re-rating has come. */
export async function saveProgress(tx: Sql, { reratingId, status, finishedAt, place, findings }: Rerating): Promise<void> {
  const { callCount, changedCount, refusedCount } = findings;
  await tx.query(updateProgress, [
    ...[reratingId, status, finishedAt ?? null, place.atUs, place.callKey, place.sliceUs],
    ...[callCount, changedCount, refusedCount, findingsBytes(findings)],
  ]);
}

/** Ends a running re-rating where it is, after the batch that is under way; another one stays as it is. */
export async function cancelRerating(sql: Sql, reratingId: string, at: InstantUs): Promise<void> {
  await sql.query(`update rerating set status = 'cancelled', finished_at_us = $2 where rerating_id = $1 and status = 'running'`, [reratingId, at]);
}

const addSums = `
  insert into rerating_difference (rerating_id, party_key, currency, changed_count, sell_difference_nanos, buy_difference_nanos)
  select $1, * from unnest($2::text[], $3::text[], $4::bigint[], $5::text[]::numeric[], $6::text[]::numeric[])
  on conflict (rerating_id, party_key, currency) do update set
    changed_count = rerating_difference.changed_count + excluded.changed_count,
    sell_difference_nanos = rerating_difference.sell_difference_nanos + excluded.sell_difference_nanos,
    buy_difference_nanos = rerating_difference.buy_difference_nanos + excluded.buy_difference_nanos`;

/** Adds what a batch found to the sums of each party. */
export async function addDifferences(tx: Sql, reratingId: string, differences: readonly PartyDifference[]): Promise<void> {
  if (differences.length === 0) return;
  await tx.query(addSums, [
    reratingId,
    pgArray('text', differences, ({ partyKey }) => partyKey),
    pgArray('text', differences, ({ currency }) => currency),
    pgArray('bigint', differences, ({ changedCount }) => changedCount),
    pgArray('text', differences, ({ sellNanos }) => String(sellNanos)),
    pgArray('text', differences, ({ buyNanos }) => String(buyNanos)),
  ]);
}

function findingsBytes({ worst, refusals }: Findings): Buffer {
  return Buffer.from(toBinary(ReratingFindingsSchema, create(ReratingFindingsSchema, { worst: [...worst], refusals: [...refusals] })));
}

function reratingOf(row: Row): Rerating {
  const { worst, refusals } = fromBinary(ReratingFindingsSchema, row.findings);
  return {
    reratingId: row.rerating_id,
    by: row.requested_by,
    reason: row.reason,
    apply: row.apply,
    filter: {
      fromUs: instantUs(Number(row.from_us)),
      untilUs: instantUs(Number(row.until_us)),
      plan: row.plan_kind === null || row.plan_id === null ? undefined : { kind: row.plan_kind, id: row.plan_id },
      partyKey: row.party_key ?? undefined,
      carrierCode: row.carrier_code ?? undefined,
      destinationPrefix: row.destination_prefix ?? undefined,
      includePreRated: row.include_pre_rated,
    },
    knownAtUs: row.known_at_us === null ? undefined : instantUs(Number(row.known_at_us)),
    status: row.status,
    requestedAt: instantUs(Number(row.requested_at_us)),
    finishedAt: row.finished_at_us === null ? undefined : instantUs(Number(row.finished_at_us)),
    place: { atUs: instantUs(Number(row.reached_us)), callKey: row.reached_call_key, sliceUs: Number(row.slice_us) },
    findings: {
      callCount: Number(row.call_count),
      changedCount: Number(row.changed_count),
      refusedCount: Number(row.refused_count),
      worst,
      refusals,
    },
  };
}
