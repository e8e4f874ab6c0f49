import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  type DeckActivated, type DeckChunk, DeckChunkSchema, type DeckVersion, type DeckWithdrawn, type ExchangeRateSet, ExchangeRateSetSchema,
  type SellTermsSet, SellTermsSetSchema, type VoipPlanComposed, VoipPlanComposedSchema,
} from '@tollwire/contracts';
import type { Sql } from '@tollwire/event-store';
import type { Activation } from './activation.ts';

/** Writes that a version is in force. Told twice, it is written once. */
export async function recordActivated(sql: Sql, { deck, activation, validFromUs }: DeckActivated): Promise<void> {
  if (deck === undefined) return;
  await sql.query(
    `insert into deck_activation (kind, owner_id, activation, version, digest, currency, carrier_code, chunk_count, rate_count, valid_from_us)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (kind, owner_id, activation) do update set valid_from_us = excluded.valid_from_us`,
    [...columnsOf(deck, activation), validFromUs],
  );
}

/** Writes that an activation was ended. One that overtook its activation waits for that with an unknown start. */
export async function recordWithdrawn(sql: Sql, { deck, activation, withdrawnAtUs }: DeckWithdrawn): Promise<void> {
  if (deck === undefined) return;
  await sql.query(
    `insert into deck_activation (kind, owner_id, activation, version, digest, currency, carrier_code, chunk_count, rate_count, withdrawn_at_us)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (kind, owner_id, activation) do update set withdrawn_at_us = excluded.withdrawn_at_us`,
    [...columnsOf(deck, activation), withdrawnAtUs],
  );
}

function columnsOf(deck: DeckVersion, activation: number): unknown[] {
  const { kind, ownerId, version, digest, currency, carrierCode, chunkCount, rateCount } = deck;
  return [kind, ownerId, activation, version, digest, currency, carrierCode, chunkCount, rateCount];
}

/** Keeps a composition of a voip_plan; each revision is of its own, and never changes. */
export async function recordComposed(sql: Sql, composed: VoipPlanComposed): Promise<void> {
  await recordPlanFact(sql, `plan:${composed.voipPlanId}`, composed.revision, toBinary(VoipPlanComposedSchema, composed));
}

/** Keeps terms of a tariff or voip_plan. */
export async function recordTerms(sql: Sql, terms: SellTermsSet): Promise<void> {
  await recordPlanFact(sql, `terms:${terms.plan?.plan.case}:${terms.plan?.plan.value}`, terms.revision, toBinary(SellTermsSetSchema, terms));
}

/** Keeps an exchange rate; a correction is a further revision of the pair. */
export async function recordExchangeRate(sql: Sql, rate: ExchangeRateSet): Promise<void> {
  await recordPlanFact(sql, `exchange:${rate.base}/${rate.quote}`, rate.revision, toBinary(ExchangeRateSetSchema, rate));
}

async function recordPlanFact(sql: Sql, key: string, revision: number, content: Uint8Array): Promise<void> {
  await sql.query(
    `insert into plan_fact (plan_key, revision, content) values ($1, $2, $3)
     on conflict do nothing`,
    [key, revision, Buffer.from(content)],
  );
}

/** Tells every instance on this database that there is something new; in the transaction of what is new. */
export async function bumpRevision(sql: Sql): Promise<void> {
  await sql.query('update replica_revision set revision = revision + 1');
}

export async function readRevision(sql: Sql): Promise<bigint> {
  const [row] = await sql.query<{ revision: bigint }>('select revision from replica_revision');
  return row?.revision ?? 0n;
}

interface ActivationRow {
  kind: number; owner_id: number; activation: number; version: number; digest: string; currency: string; carrier_code: string;
  chunk_count: number; rate_count: bigint; valid_from_us: bigint; withdrawn_at_us: bigint | null;
}

export async function readActivations(sql: Sql): Promise<Activation[]> {
  const rows = await sql.query<ActivationRow>('select * from deck_activation where valid_from_us is not null order by kind, owner_id, activation');
  return rows.map((row) => ({
    kind: row.kind, ownerId: row.owner_id, activation: row.activation, version: row.version, digest: row.digest, currency: row.currency, carrierCode: row.carrier_code,
    chunkCount: row.chunk_count, rateCount: Number(row.rate_count), validFromUs: Number(row.valid_from_us),
    withdrawnAtUs: row.withdrawn_at_us === null ? undefined : Number(row.withdrawn_at_us),
  }));
}

/** What is known of plans: the newest of each, and everything that any of them was, by revision. */
export interface PlanFacts {
  readonly voipPlans: readonly VoipPlanComposed[];
  readonly sellTerms: readonly SellTermsSet[];
  readonly planHistory: { readonly voipPlans: readonly VoipPlanComposed[]; readonly sellTerms: readonly SellTermsSet[] };
  /** Every exchange rate that was recorded, by pair and revision. */
  readonly exchangeRates: readonly ExchangeRateSet[];
}

/** Every composition, all terms and all exchange rates that are kept. */
export async function readPlans(sql: Sql): Promise<PlanFacts> {
  const rows = await sql.query<{ plan_key: string; content: Buffer }>('select plan_key, content from plan_fact order by plan_key, revision');
  const isNewest = (at: number) => rows[at + 1]?.plan_key !== rows[at]?.plan_key;
  const of = (kind: string, newest: boolean) => rows.filter(({ plan_key }, at) => plan_key.startsWith(kind) && (!newest || isNewest(at)));
  const voipPlans = (newest: boolean) => of('plan:', newest).map(({ content }) => fromBinary(VoipPlanComposedSchema, content));
  const sellTerms = (newest: boolean) => of('terms:', newest).map(({ content }) => fromBinary(SellTermsSetSchema, content));
  return {
    voipPlans: voipPlans(true), sellTerms: sellTerms(true), planHistory: { voipPlans: voipPlans(false), sellTerms: sellTerms(false) },
    exchangeRates: of('exchange:', false).map(({ content }) => fromBinary(ExchangeRateSetSchema, content)),
  };
}

/** How many chunks of a deck are here. */
export async function countChunks(sql: Sql, digest: string): Promise<number> {
  const [row] = await sql.query<{ count: number }>('select count(*)::int as count from deck_chunk where digest = $1', [digest]);
  return row?.count ?? 0;
}

/** Chunks in one statement: some 15 MB. */
const CHUNKS_PER_INSERT = 20;

/** Keeps the whole content of a deck, in the caller's transaction; what is kept already stays. */
export async function writeChunks(tx: Sql, digest: string, chunks: readonly Uint8Array[]): Promise<void> {
  for (let first = 0; first < chunks.length; first += CHUNKS_PER_INSERT) {
    await tx.query(
      'insert into deck_chunk (digest, chunk, content) select $1, $2::int + at - 1, content from unnest($3::bytea[]) with ordinality as c (content, at) on conflict do nothing',
      [digest, first, chunks.slice(first, first + CHUNKS_PER_INSERT).map((content) => Buffer.from(content.buffer, content.byteOffset, content.byteLength))],
    );
  }
}

/** A deck's content, chunk by chunk, so that a large one never stands in memory twice. */
export async function* readChunks(sql: Sql, digest: string, chunkCount: number): AsyncGenerator<DeckChunk> {
  for (let chunk = 0; chunk < chunkCount; chunk += 1) {
    const [row] = await sql.query<{ content: Buffer }>('select content from deck_chunk where digest = $1 and chunk = $2', [digest, chunk]);
    yield row === undefined ? create(DeckChunkSchema) : fromBinary(DeckChunkSchema, row.content);
  }
}
