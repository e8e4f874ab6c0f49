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
export function digestOf(decks: readonly ListedDeck[], named: string | undefined): string {
  const found = named === undefined ? decks.at(-1) : decks.find(({ deck }) => String(deck.version) === named || (named.length >= 6 && deck.digest.startsWith(named)));
  if (found === undefined) throw new Stop(named === undefined ? 'No version was imported for this plan yet.' : `No version of this deck is ${named}; ./tollwire deck list shows those that there are.`);
  return found.deck.digest;
}
