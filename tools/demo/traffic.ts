import { pick, type Random } from '../world/random.ts';
import type { Destination } from '../world/prices.ts';

/** A call that somebody is about to make. */
export interface PlannedCall {
  readonly callId: string;
  readonly payer: { readonly cardId: string } | { readonly accountCode: string };
  readonly cli: string;
  readonly calledNumber: string;
  readonly startedAtMs: number;
  /** What becomes of it where it is let through. */
  readonly outcome: 'answered' | 'busy' | 'no_answer';
  /** How long they would talk if nothing ended the call. */
  readonly talkSec: number;
  /** The first carrier in the list cannot take it. */
  readonly firstFails: boolean;
}

/** Who calls and where to. */
export interface Population {
  readonly cardIds: readonly string[];
  /** Cards that were made but never activated. */
  readonly sleepingCardIds: readonly string[];
  readonly accountCodes: readonly string[];
  readonly carrierCodes: readonly string[];
  readonly destinations: readonly Destination[];
  readonly bannedPrefix: string;
}

/** How a called number is written by a switch: with "+", "00", "011" or in bare digits. */
const forms = [(digits: string) => `+${digits}`, (digits: string) => `00${digits}`, (digits: string) => `011${digits}`, (digits: string) => digits];

/**
 * Plans calls that look like a day's traffic in small: most by card, some by account, all over the world with a few
 * favourite countries, and some that must be refused (cards that nobody knows, sleep or ran dry, banned numbers).
 */
export function* plannedCalls(random: Random, count: number, runId: string, nowMs: number, people: Population): Generator<PlannedCall> {
  const favourites = people.destinations.filter(({ countryCode }) => ['AT', 'DE', 'ES', 'IN', 'PK', 'PH', 'US', 'GB'].includes(countryCode));
  for (let at = 0; at < count; at += 1) {
    const byAccount = random() < 0.25;
    const banned = byAccount && random() < 0.02;
    const destination = banned ? people.bannedPrefix : pick(random, random() < 0.7 ? favourites : people.destinations).prefix;
    const digits = numberUnder(random, destination);
    const fate = random();
    yield {
      callId: `${runId}-${String(at).padStart(7, '0')}`,
      payer: byAccount ? { accountCode: pick(random, people.accountCodes) } : { cardId: cardFor(random, people) },
      cli: `+43664${String(Math.floor(random() * 10_000_000)).padStart(7, '0')}`,
      calledNumber: pick(random, forms)(digits),
      startedAtMs: nowMs - 3_600_000 - Math.floor(random() * 3_600_000),
      outcome: fate < 0.68 ? 'answered' : fate < 0.86 ? 'no_answer' : 'busy',
      talkSec: 1 + Math.floor(-110 * Math.log(1 - random())),
      firstFails: random() < 0.12,
    };
  }
}

function cardFor(random: Random, { cardIds, sleepingCardIds }: Population): string {
  const odd = random();
  if (odd < 0.01) return String(Math.floor(random() * 1e16)).padStart(16, '0');
  return odd < 0.02 && sleepingCardIds.length > 0 ? pick(random, sleepingCardIds) : pick(random, cardIds);
}

/** A number that begins with the prefix: eleven digits, or two more than the prefix where that is longer. */
function numberUnder(random: Random, prefix: string): string {
  const length = Math.min(15, Math.max(11, prefix.length + 2));
  let digits = prefix;
  while (digits.length < length) digits += String(Math.floor(random() * 10));
  return digits;
}
