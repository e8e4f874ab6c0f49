import { setTimeout as delay } from 'node:timers/promises';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { type DeckChunk, DeckChunkSchema, DeckKind } from '@tollwire/contracts';
import { instantUs } from '@tollwire/core';
import type { ReplicaState } from '@tollwire/rate-decks';
import { carrier, e164, noonUs } from '../src/domain/route.fixture.ts';
import { LiveRouter } from '../src/live/live-router.ts';

/** What decisions notice of a deck that is swapped in. */
export interface SwapBench {
  readonly rates: number;
  readonly swapMs: number;
  readonly decisions: number;
  /** From the moment that it was due, so that whatever holds up the process counts in full. */
  readonly slowestMs: number;
  readonly slowestBeforeMs: number;
}

/** As many as a chunk of the catalog has, below 800 KB. */
const CHUNK_RATES = 20_000;
const CARRIERS = 5;
const DECISIONS_PER_SEC = 1_000;

/** Takes a version of `rateCount` rates in place of another one while decisions go on at a steady rate, all in one process as in the service. */
export async function benchSwap(rateCount = 1_000_000): Promise<SwapBench> {
  const carriers = Array.from({ length: CARRIERS }, (_, number) => carrier(number, `C${number}`));
  const router = new LiveRouter({ carriers: async () => carriers, directRates: async () => [], policies: async () => new Map() });
  const decks = carriers.map(({ carrierCode }, at) => contentOf(carrierCode, at + 1, at === 0 ? rateCount : 50_000, 1));
  await router.apply(stateOf(decks));
  const before = await slowestWhile(router, delay(1_000));
  const next = [contentOf('C0', 1, rateCount, 2), ...decks.slice(1)];
  await delay(200);
  const started = performance.now();
  const swap = router.apply(stateOf(next));
  const during = await slowestWhile(router, swap);
  return { rates: rateCount, swapMs: Math.round(performance.now() - started), decisions: during.decisions, slowestMs: during.slowestMs, slowestBeforeMs: before.slowestMs };
}

async function slowestWhile(router: LiveRouter, work: Promise<unknown>): Promise<{ decisions: number; slowestMs: number }> {
  const progress = { isDone: false };
  let [decisions, slowestMs] = [0, 0];
  const done = work.finally(() => (progress.isDone = true));
  const startedMs = performance.now();
  while (!progress.isDone) {
    for (let dueMs = startedMs + (decisions * 1_000) / DECISIONS_PER_SEC; dueMs <= performance.now(); dueMs = startedMs + (decisions * 1_000) / DECISIONS_PER_SEC) {
      const number = e164(String(10 ** 11 + ((decisions * 48_271_000_003) % (9 * 10 ** 11))));
      const decision = router.route({ e164: number, atUs: instantUs(noonUs), plan: { tariffId: 1 }, sell: { ratePerMinNanos: 60_000_000, currency: 'EUR' } });
      if (decision === undefined) throw new Error('The bench routed nothing');
      slowestMs = Math.max(slowestMs, performance.now() - dueMs);
      decisions += 1;
    }
    await delay(1);
  }
  await done;
  return { decisions, slowestMs };
}

interface Content {
  readonly carrierCode: string;
  readonly ownerId: number;
  readonly version: number;
  readonly rateCount: number;
  /** As they are stored. */
  readonly chunks: readonly Uint8Array[];
}

function contentOf(carrierCode: string, ownerId: number, rateCount: number, version: number): Content {
  const prefixes = [...new Set(Array.from({ length: rateCount }, (_, at) => String(10_000_000 + ((at * 89) % 90_000_000))))].sort();
  const chunks: Uint8Array[] = [];
  for (let from = 0; from < prefixes.length; from += CHUNK_RATES) chunks.push(toBinary(DeckChunkSchema, chunkOf(prefixes.slice(from, from + CHUNK_RATES), version)));
  return { carrierCode, ownerId, version, rateCount: prefixes.length, chunks };
}

function chunkOf(prefix: string[], version: number): DeckChunk {
  const none = prefix.map(() => 0n);
  return create(DeckChunkSchema, {
    prefix, ratePerMinNanos: prefix.map((_, at) => BigInt(1_000_000 * (1 + ((at * 31 + version) % 80)))), connectFeeNanos: none,
    initialIncrementSec: prefix.map(() => 1), incrementSec: prefix.map(() => 1), validFromUs: none, validUntilUs: none, blocked: prefix.map(() => false),
  });
}

function stateOf(contents: readonly Content[]): ReplicaState {
  const byDigest = new Map(contents.map((content) => [digestOf(content), content]));
  return {
    decks: contents.map(({ carrierCode, ownerId, version, rateCount, chunks }) => ({
      kind: DeckKind.CARRIER, ownerId, activation: version, version, digest: digestOf({ ownerId, version }), currency: 'EUR', carrierCode, chunkCount: chunks.length, rateCount,
      validFromUs: 0, withdrawnAtUs: undefined, validUntilUs: Infinity,
    })),
    voipPlans: [], sellTerms: [], planHistory: { voipPlans: [], sellTerms: [] }, exchangeRates: [],
    async *chunks({ digest }) {
      for (const chunk of byDigest.get(digest)?.chunks ?? []) yield fromBinary(DeckChunkSchema, chunk);
    },
  };
}

function digestOf({ ownerId, version }: Pick<Content, 'ownerId' | 'version'>): string {
  return `deck ${ownerId} v${version}`;
}
