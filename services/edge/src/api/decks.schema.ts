import { RateChange } from '@tollwire/contracts';
import { z } from 'zod';
import { rowId, text, wholeText } from '../http/primitives.ts';
import { kind } from './catalog.schema.ts';

const changes = {
  created: RateChange.CREATED,
  increased: RateChange.INCREASED,
  decreased: RateChange.DECREASED,
  closed: RateChange.CLOSED,
  changed: RateChange.CHANGED,
} as const;

const digest = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hex');
const owner = { kind, ownerId: wholeText(1, 4_294_967_295) };
const against = digest.optional().meta({ description: 'The version to compare with; where none is given, the one in force, and for that one itself the one before it.' });
const pageToken = text(64).optional().meta({ description: 'The nextPageToken of the page before.' });
const note = text(1000);

/** Whose deck it is. */
export const deckOwner = z.strictObject(owner);
export type DeckOwner = z.output<typeof deckOwner>;

/** A version, and what it is compared with. */
export const deckDiff = z.strictObject({ ...owner, against });
export type DeckDiff = z.output<typeof deckDiff>;

/** The same, and which of the rows: all that change, where no change is named. */
export const deckDiffRows = z.strictObject({
  ...owner,
  against,
  change: z.enum(['created', 'increased', 'decreased', 'closed', 'changed']).transform((name) => changes[name]).optional(),
  pageToken,
});
export type DeckDiffRows = z.output<typeof deckDiffRows>;

export const deckApproval = z.strictObject({ kind, ownerId: rowId, note: note.optional() });
export type DeckApproval = z.output<typeof deckApproval>;

export const deckRejection = z.strictObject({ kind, ownerId: rowId, note });
export type DeckRejection = z.output<typeof deckRejection>;

export const deckRollback = z.strictObject({ kind, ownerId: rowId, reason: note });
export type DeckRollback = z.output<typeof deckRollback>;
