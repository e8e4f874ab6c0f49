import { z } from 'zod';
import { Misuse, Stop } from '../cli/stop.ts';
import type { Api } from './api.ts';

/** Whose deck a command is about. */
export interface DeckOwner {
  readonly kind: string;
  readonly ownerId: number;
}

/** What `--kind` and `--owner` say. */
export function deckOwner(values: { kind?: string | undefined; owner?: string | undefined }): DeckOwner {
  const { kind, owner } = values;
  if (kind === undefined || owner === undefined) throw new Misuse('Say whose deck it is: --kind tariff|retail|carrier --owner ID.');
  if (!/^[1-9]\d{0,9}$/.test(owner)) throw new Misuse(`--owner takes the number of a plan, not "${owner}".`);
  return { kind, ownerId: Number(owner) };
}

/** The owner as a query string, with whatever else is asked for. */
export function deckQuery({ kind, ownerId }: DeckOwner, more: Readonly<Record<string, string | undefined>> = {}): string {
  const query = new URLSearchParams({ kind, ownerId: String(ownerId) });
  for (const [name, value] of Object.entries(more)) if (value !== undefined) query.set(name, value);
  return query.toString();
}

const listed = z.object({
  decks: z.array(z.object({
    deck: z.object({ version: z.number(), digest: z.string(), rateCount: z.number().default(0), currency: z.string().default('') }),
    status: z.string(),
    importedAt: z.string().default(''),
    importedBy: z.string().default(''),
    reviewedBy: z.string().default(''),
    reviewNote: z.string().default(''),
    origin: z.string().default(''),
    validFrom: z.string().default(''),
    validUntil: z.string().default(''),
  })).default([]),
});

/** A version as it is listed. */
export type ListedDeck = z.infer<typeof listed>['decks'][number];

/** All versions of a deck, oldest first. */
export async function decksOf(api: Api, owner: DeckOwner): Promise<ListedDeck[]> {
  return (await api.get(`/v1/decks?${deckQuery(owner)}`, listed)).decks;
}

/** The digest of a version that is named by its number, by its digest or the beginning of that; the newest where none is named. */
export function digestOf(decks: readonly ListedDeck[], named: string | undefined, { kind, ownerId }: DeckOwner): string {
  const list = `./tollwire deck list --kind ${kind} --owner ${ownerId}`;
  if (named === undefined) {
    const newest = decks.at(-1);
    if (newest === undefined) throw new Stop(`No version was imported for ${kind} plan ${ownerId} yet.`);
    return newest.deck.digest;
  }
  const byNumber = decks.filter(({ deck }) => String(deck.version) === named);
  const [found, other] = byNumber.length > 0 || named.length < 6 ? byNumber : decks.filter(({ deck }) => deck.digest.startsWith(named));
  if (found === undefined) throw new Stop(`No version of ${kind} plan ${ownerId} is ${named}; ${list} shows those that there are.`);
  if (other !== undefined) throw new Stop(`Several versions of ${kind} plan ${ownerId} begin with ${named}; ${list} shows their numbers.`);
  return found.deck.digest;
}
