import { z } from 'zod';
import { partyFields, planFields } from '../http/parties.ts';
import { accountCode, at, cardId, idMax, instant, prefix, text, whole, wholeText } from '../http/primitives.ts';

/** A bundle or a grant by its name. */
const name = text(128);

/** The name of a clock; whether there is one of that name rating knows. */
const timeZone = text(64).default('').meta({ description: 'IANA name; UTC, where none is given.', example: 'Europe/Vienna' });

const day = z.string().regex(/^\d{4}-\d\d-\d\d$/, 'must be a day as 2026-01-31').default('');

const termFields = {
  sec: whole(1, 2_147_483_647).meta({ description: 'Free seconds in each period.', example: 6000 }),
  period: z.enum(['once', 'day', 'week', 'month']).default('once'),
  timeZone,
  anchorDay: day.meta({ description: 'The first day of one of the periods; 2001-01-01, a Monday, where none is given.', example: '2026-01-01' }),
  prefixes: z.array(prefix).max(10_000).default([]),
  weight: whole(0, 1_000_000).default(0),
  covers: z.enum(['none', 'connect', 'all']).default('none').meta({ description: 'The fees that are free where all seconds of a call are.' }),
};

const validity = { validFrom: instant.optional(), validUntil: instant.optional() };

/** Free seconds under a name of their own; the same one again with the same content changes nothing. */
export const bundle = z.strictObject({ name, ...termFields, ...validity });
export type Bundle = z.output<typeof bundle>;

/** The free seconds of one grant, which are of no bundle. */
const terms = z.strictObject(termFields);

interface GrantFields {
  readonly cardId?: string | undefined;
  readonly accountCode?: string | undefined;
  readonly tariffId?: number | undefined;
  readonly voipPlanId?: number | undefined;
}

/** Refuses a body that does not name exactly one to whom it grants, and exactly one of a bundle and terms. */
function oneOfEach<T extends GrantFields & { bundle?: string | undefined; terms?: unknown }>(context: z.core.ParsePayload<T>): void {
  const { cardId: card, accountCode: account, tariffId, voipPlanId, bundle: named, terms: given } = context.value;
  const targets = [card, account, tariffId, voipPlanId].filter((one) => one !== undefined).length;
  const ask = targets === 0 ? 'is missing: name' : 'must stand alone: name one of';
  if (targets !== 1) context.issues.push({ code: 'custom', message: `${ask} a cardId, accountCode, tariffId or voipPlanId`, input: card, path: ['cardId'] });
  if ((named === undefined) === (given === undefined)) {
    const message = named === undefined ? 'is missing: name a bundle or give terms' : 'must stand alone: name a bundle or give terms, not both';
    context.issues.push({ code: 'custom', message, input: named, path: ['bundle'] });
  }
}

/** `grantId` is the caller's: the same one grants once. */
export const grant = z
  .strictObject({ grantId: name, ...partyFields, ...planFields, bundle: name.optional(), terms: terms.optional(), ...validity })
  .check(oneOfEach);
export type Grant = z.output<typeof grant>;

export const bundlePage = z.strictObject({ afterName: text(128).default('') });
export type BundlePage = z.output<typeof bundlePage>;

/** Grants of one page, to whom, where somebody is named. */
export const grantPage = z.strictObject({
  ...partyFields,
  tariffId: wholeText(1, idMax).optional(),
  voipPlanId: wholeText(1, idMax).optional(),
  afterSequence: wholeText(0, idMax).default(0),
});
export type GrantPage = z.output<typeof grantPage>;

export const balanceQuery = z.strictObject({ at });
export type BalanceQuery = z.output<typeof balanceQuery>;

export const cardPath = z.strictObject({ cardId });
export type CardPath = z.output<typeof cardPath>;

export const accountPath = z.strictObject({ accountCode });
export type AccountPath = z.output<typeof accountPath>;
