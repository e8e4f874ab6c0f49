import type { CatalogService, CodedRefusal } from '@tollwire/contracts';
import { ok, present, refuse, type Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import type { ServiceImplementation } from '@tollwire/messaging';
import type { CatalogDeps } from '../catalog.deps.ts';
import { termsOf } from '../diff/diff-wire.ts';
import type { RateColumns } from '../domain/rate-columns.ts';
import type { ImportedDeck } from '../domain/rate-deck.ts';
import { decodeDeck } from '../import/deck-chunks.ts';
import { inSlices } from '../in-slices.ts';
import type { PlanInMemory } from '../number-plan/plan-in-memory.ts';
import type { Places } from '../number-plan/places.ts';
import { deckFields } from './deck-answers.ts';
import { readChunk, readDeck } from './deck-reads.ts';

/** Rates in one answer: some 400 KB where each has a profile. */
const LISTED_MAX = 1_000;

/** Where a listing goes on: a rate of a chunk. */
interface RateCursor {
  readonly chunk: number;
  readonly at: number;
}

/** Answers what a version of a deck holds. */
export function deckRateAnswers({ database, plan }: CatalogDeps & { readonly plan: PlanInMemory }): Pick<ServiceImplementation<typeof CatalogService>, 'listDeckRates'> {
  return {
    async listDeckRates({ digest, prefix, pageToken, ...request }) {
      const owner = deckFields(request);
      if (!owner.ok) return owner;
      if (!/^\d{0,15}$/.test(prefix)) return refuse({ code: 'field_malformed', field: 'prefix', detail: 'Give up to 15 digits, or none for all.' });
      const deck = await readDeck(database, owner.value.kind, owner.value.ownerId, digest);
      if (deck === undefined) return refuse({ code: 'unknown_deck', field: 'digest', detail: 'No version with this digest was imported for this plan.' });
      const begin = await beginOf(database, deck, prefix, pageToken);
      if (!begin.ok) return begin;
      const places = await plan.places();
      const page = await ratesFrom(database, deck, prefix, begin.value);
      return ok({
        rates: page.rates.map(({ rates, at }) => rateOf(rates, at, places)),
        nextPageToken: page.next === undefined ? '' : `${page.next.chunk}.${page.next.at}`,
        timeZone: page.timeZone,
      });
    },
  };
}

async function beginOf(sql: Sql, deck: ImportedDeck, prefix: string, pageToken: string): Promise<Result<RateCursor, CodedRefusal>> {
  if (pageToken === '') return ok({ chunk: await chunkOf(sql, deck, prefix), at: 0 });
  const [, chunk, at] = /^(\d{1,6})\.(\d{1,6})$/.exec(pageToken) ?? [];
  if (chunk !== undefined && at !== undefined) return ok({ chunk: Number(chunk), at: Number(at) });
  return refuse({ code: 'field_malformed', field: 'pageToken', detail: 'Give the token of the page before, or none.' });
}

/** The last chunk that begins before a prefix: those in between need not be read. */
async function chunkOf(sql: Sql, deck: ImportedDeck, prefix: string): Promise<number> {
  let [first, last] = [0, prefix === '' ? 0 : deck.chunkCount - 1];
  while (first < last) {
    const middle = Math.ceil((first + last) / 2);
    const rates = await readRates(sql, deck, middle);
    if (String(rates.prefixNumberAt(0)) < prefix) first = middle;
    else last = middle - 1;
  }
  return first;
}

interface RatePage {
  readonly rates: readonly { readonly rates: RateColumns; readonly at: number }[];
  readonly next: RateCursor | undefined;
  readonly timeZone: string;
}

async function ratesFrom(sql: Sql, deck: ImportedDeck, prefix: string, { chunk: from, at: fromAt }: RateCursor): Promise<RatePage> {
  const found: { readonly rates: RateColumns; readonly at: number }[] = [];
  let timeZone = '';
  for (let chunk = from; chunk < deck.chunkCount; chunk += 1) {
    const rates = await readRates(sql, deck, chunk);
    timeZone = rates.timeZone;
    for (let at = chunk === from ? fromAt : 0; at < rates.size; at += 1) {
      const digits = String(rates.prefixNumberAt(at));
      if (!digits.startsWith(prefix)) {
        if (digits > prefix) return { rates: found, next: undefined, timeZone };
        continue;
      }
      if (found.length === LISTED_MAX) return { rates: found, next: { chunk, at }, timeZone };
      found.push({ rates, at });
    }
  }
  return { rates: found, next: undefined, timeZone };
}

async function readRates(sql: Sql, { digest }: ImportedDeck, chunk: number): Promise<RateColumns> {
  return await inSlices(decodeDeck([present(await readChunk(sql, digest, chunk), `chunk ${chunk} of a version`)]));
}

function rateOf(rates: RateColumns, at: number, places: Places) {
  const { prefix, validFromUs, validUntilUs, profile, name, ...terms } = rates.rateAt(at);
  return {
    prefix,
    ...places.at(places.indexOf(Number(prefix))),
    terms: termsOf({ ...terms, profile, name }),
    validFromUs: BigInt(validFromUs),
    validUntilUs: BigInt(validUntilUs),
  };
}
