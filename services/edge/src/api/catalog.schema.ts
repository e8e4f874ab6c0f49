import type { MessageInitShape } from '@bufbuild/protobuf';
import { DeckKind, type LoadNumberPlanRequestSchema, RoundingMode } from '@tollwire/contracts';
import { z } from 'zod';
import { chargeTerms, timeZone, windowPolicy } from './charges.schema.ts';
import { outOfRange } from '../http/parse.ts';
import { carrierCode, currency, idMax, importId, instant, lineText, prefix, rowId, title, whole, wholeText } from '../http/primitives.ts';

const kinds = { tariff: DeckKind.TARIFF, retail: DeckKind.RETAIL, carrier: DeckKind.CARRIER } as const;
const modes = { up: RoundingMode.UP, down: RoundingMode.DOWN, half_up: RoundingMode.HALF_UP } as const;

/** Countries and prefixes that one request may bring; a whole world's plan is sent in several. */
const rowsMax = 20_000;

/** What a deck prices. */
export const kind = z.enum(['tariff', 'retail', 'carrier']).transform((name) => kinds[name]);
const roundingDecimals = whole(0, 9).default(4);
/** To which side a price is rounded. */
export const roundingMode = z.enum(['up', 'down', 'half_up']).default('up').transform((name) => modes[name]);
const selling = { currency, roundingDecimals, roundingMode, terms: chargeTerms.optional(), windowPolicy };

/** The policy as the contract has it. */
function sold<T extends { readonly windowPolicy: 'split' | 'start' }>({ windowPolicy: policy, ...plan }: T) {
  return { ...plan, windowsByStart: policy === 'start' };
}
/** Numbers of plans. */
export const ids = z.array(rowId).max(1000);
const subcode = z.enum(['FIX', 'MOB', '']).default('');
const countryCode = z.string().regex(/^(?:[A-Z]{2}|001)$/, 'must be ISO 3166-1 alpha-2, or 001 for codes of no country').meta({ example: 'AT' });

/** Countries and their prefixes; what is there already is replaced. */
export const numberPlan = z
  .strictObject({
    countries: z.array(z.strictObject({ countryCode, countryName: title })).max(rowsMax).default([]),
    prefixes: z.array(z.strictObject({ prefix, countryCode, subcode })).max(rowsMax).default([]),
  })
  .transform((plan) => plan satisfies MessageInitShape<typeof LoadNumberPlanRequestSchema>);
export type NumberPlan = z.output<typeof numberPlan>;

export const tariff = z.strictObject({ name: title, ...selling, timeZone }).transform(sold);
export type Tariff = z.output<typeof tariff>;

/** `carrierPlanIds` are what its calls are bought from, in whatever VoIP plan it is. */
export const retailPlan = z.strictObject({ name: title, currency, timeZone, carrierPlanIds: ids.default([]) });
export type RetailPlan = z.output<typeof retailPlan>;

export const carrierPlan = z.strictObject({ name: title, currency, timeZone, carrierCode });
export type CarrierPlan = z.output<typeof carrierPlan>;

export const banPlan = z.strictObject({ name: title, prefixes: z.array(prefix).max(rowsMax) });
export type BanPlan = z.output<typeof banPlan>;

/** A plan from its parts; with `voipPlanId` the plan that there is gets this composition. */
const retailLink = z
  .strictObject({
    retailPlanId: rowId,
    metric: whole(0).default(0).meta({ description: 'Of rates with equally long prefixes that of the lower metric counts.' }),
    carrierCodes: z.array(carrierCode).max(100).default([])
      .meta({ description: 'Customers pay by this retail plan over these carriers, and over no other; empty: over all that no link names.' }),
    validFrom: instant.optional(),
    validUntil: instant.optional(),
  })
  .transform(({ validFrom = 0n, validUntil = 0n, ...link }) => ({ ...link, validFromUs: validFrom, validUntilUs: validUntil }));

const anyVoipPlan = z.strictObject({
  name: title,
  retailPlanIds: ids.default([]).meta({ description: 'The retail plans in the order in which they count; or give retailLinks.' }),
  retailLinks: z.array(retailLink).max(1000).default([]),
  validFrom: instant.optional(),
  validUntil: instant.optional(),
  carrierPlanIds: ids.default([]),
  banPlanIds: ids.default([]),
  ...selling,
  voipPlanId: rowId.optional(),
});

export const voipPlan = anyVoipPlan
  .refine(({ retailPlanIds, retailLinks }) => (retailPlanIds.length === 0) !== (retailLinks.length === 0), {
    error: 'must name retail plans, either by retailPlanIds or by retailLinks', path: ['retailPlanIds'], params: outOfRange,
  })
  .transform(({ validFrom = 0n, validUntil = 0n, ...plan }) => ({ ...sold(plan), validFromUs: validFrom, validUntilUs: validUntil }));
export type VoipPlan = z.output<typeof voipPlan>;

/** Errors of lines after `afterLine`; the catalog tells up to 1,000 at a time. */
export const deckErrorsPage = z.strictObject({ afterLine: lineText.default(0) });
export type DeckErrorsPage = z.output<typeof deckErrorsPage>;

export const importPath = z.strictObject({ importId });
export type ImportPath = z.output<typeof importPath>;

export const digestPath = z.strictObject({ digest: z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hex') });
export type DigestPath = z.output<typeof digestPath>;

/** Which plan a deck version is put in force for, and from when; now, where nothing is said. */
export const deckActivation = z.strictObject({
  kind,
  ownerId: rowId,
  validFrom: instant.optional(),
  onlyIfApproved: z.boolean().default(false).meta({ description: 'Refuse where nobody has approved the version; otherwise this approves it too.' }),
});
export type DeckActivation = z.output<typeof deckActivation>;

export const deckWithdrawal = z.strictObject({ kind, ownerId: rowId });
export type DeckWithdrawal = z.output<typeof deckWithdrawal>;

export const deckSearch = z.strictObject({ kind, ownerId: wholeText(1, idMax) });
export type DeckSearch = z.output<typeof deckSearch>;

export const e164Path = z.strictObject({ e164: prefix });
export type E164Path = z.output<typeof e164Path>;
