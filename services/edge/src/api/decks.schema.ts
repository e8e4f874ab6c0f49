import { DeckKind, FixedPolicy, MadeFrom, type MakeDeckRequestSchema, RateChange } from '@tollwire/contracts';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { z } from 'zod';
import { digest, idMax, instant, price, rowId, text, whole, wholeText } from '../http/primitives.ts';
import { ids, kind, roundingMode } from './catalog.schema.ts';

const changes = {
  created: RateChange.CREATED,
  increased: RateChange.INCREASED,
  decreased: RateChange.DECREASED,
  closed: RateChange.CLOSED,
  changed: RateChange.CHANGED,
  unchanged: RateChange.UNCHANGED,
} as const;

const owner = { kind, ownerId: wholeText(1, idMax) };
const against = digest.optional().meta({ description: 'The version to compare with; where none is given, the one in force, and for that one itself the one before it.' });
const pageToken = text(64).optional().meta({ description: 'The nextPageToken of the page before.' });
const note = text(1000);

/** Whose deck it is. */
export const deckOwner = z.strictObject(owner);
export type DeckOwner = z.output<typeof deckOwner>;

/** A version, and what it is compared with. */
export const deckDiff = z.strictObject({ ...owner, against });
export type DeckDiff = z.output<typeof deckDiff>;

/** The same, and which of the rows: all but those that stay, where no change is named. */
export const deckDiffRows = z.strictObject({
  ...owner,
  against,
  change: z.enum(['created', 'increased', 'decreased', 'closed', 'changed', 'unchanged']).transform((name) => changes[name]).optional(),
  pageToken,
});
export type DeckDiffRows = z.output<typeof deckDiffRows>;

/** Rates of a version: all, where no digits are given that their prefixes begin with. */
export const deckRates = z.strictObject({
  ...owner,
  prefix: z.string().regex(/^\d{1,15}$/, 'must be 1 to 15 digits').optional().meta({ description: 'What the prefixes of the rates begin with.', example: '43' }),
  pageToken,
});
export type DeckRates = z.output<typeof deckRates>;

/** The calls of which period; the last seven days, where none is given. */
export const deckForecast = z.strictObject({ ...owner, since: instant.optional(), until: instant.optional() });
export type DeckForecast = z.output<typeof deckForecast>;

export const deckApproval = z.strictObject({ kind, ownerId: rowId, note: note.optional() });
export type DeckApproval = z.output<typeof deckApproval>;

export const deckRejection = z.strictObject({ kind, ownerId: rowId, note });
export type DeckRejection = z.output<typeof deckRejection>;

export const deckRollback = z.strictObject({ kind, ownerId: rowId, reason: note });
export type DeckRollback = z.output<typeof deckRollback>;

const madeFrom = { cheapest: MadeFrom.CHEAPEST, dearest: MadeFrom.DEAREST, average: MadeFrom.AVERAGE } as const;
const policies = {
  max: FixedPolicy.MAX, min: FixedPolicy.MIN, fixed: FixedPolicy.FIXED, carrier_plus_margin: FixedPolicy.CARRIER_PLUS_MARGIN,
} as const;
const sold = { tariff: DeckKind.TARIFF, retail: DeckKind.RETAIL } as const;
const percent = z
  .string()
  .regex(/^\d{1,4}(?:\.\d{1,4})?$/, 'must be a decimal of at most four decimals, below 10,000')
  .transform((text) => Math.round(Number(text) * 10_000))
  .meta({ example: '12.5' });
const increment = whole(1, 3_600);

/** A version made from the decks that carrier plans have in force; amounts are per minute. */
export const deckMaking = z
  .strictObject({
    kind: z.enum(['tariff', 'retail']).transform((name) => sold[name]),
    ownerId: rowId,
    carrierPlanIds: ids.min(1).max(100),
    madeFrom: z.enum(['cheapest', 'dearest', 'average']).default('cheapest').transform((name) => madeFrom[name]),
    averageCount: whole(1, 100).optional().meta({ description: 'Of how many of the cheapest the average is.' }),
    marginPercent: percent.default(0),
    margin: price.optional(),
    marginMin: price.optional().meta({ description: 'A made rate is at least so much above the buy rate, whatever the rounding does.' }),
    floor: price.optional(),
    step: price.optional().meta({ description: 'A made rate is a multiple of this.', example: '0.0001' }),
    roundingMode,
    increments: z.strictObject({ initialSec: increment, incrementSec: increment }).optional().meta({ description: "The carrier's, where none are given." }),
    connectFee: price.optional().meta({ description: "The carrier's, where none is given." }),
    policy: z.enum(['max', 'min', 'fixed', 'carrier_plus_margin']).default('carrier_plus_margin').transform((name) => policies[name])
      .meta({ description: 'What becomes of a destination that the plan has a rate for already.' }),
    at: instant.optional().meta({ description: 'As the rates of the carriers stand then; now, where none is given.' }),
  })
  .transform((asked) => ({
    kind: asked.kind,
    ownerId: asked.ownerId,
    carrierPlanIds: asked.carrierPlanIds,
    madeFrom: asked.madeFrom,
    averageCount: asked.averageCount ?? 0,
    marginPpm: asked.marginPercent,
    marginPerMinNanos: asked.margin ?? 0n,
    marginMinPerMinNanos: asked.marginMin ?? 0n,
    floorPerMinNanos: asked.floor ?? 0n,
    stepNanos: asked.step ?? 0n,
    roundingMode: asked.roundingMode,
    initialIncrementSec: asked.increments?.initialSec ?? 0,
    incrementSec: asked.increments?.incrementSec ?? 0,
    ...(asked.connectFee === undefined ? {} : { connectFeeNanos: asked.connectFee }),
    policy: asked.policy,
    atUs: asked.at ?? 0n,
  }) satisfies MessageInitShape<typeof MakeDeckRequestSchema>);
export type DeckMaking = z.output<typeof deckMaking>;
