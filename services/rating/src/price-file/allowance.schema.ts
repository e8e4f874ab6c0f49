import { z } from 'zod';
import { date, name, prefixes, timeZone, writtenInstant } from './fields.ts';

/** Free seconds of a payer: the fields of `POST /v1/allowance-grants`. */
export const allowance = z
  .strictObject({
    name,
    plan: name.optional().describe('Each who pays by it has these seconds.'),
    account: name.optional(),
    card: name.optional(),
    sec: z.int().min(1).max(2_147_483_647).describe('Free seconds in each period.'),
    period: z.enum(['once', 'day', 'week', 'month']).default('once').describe('How often they begin anew, by the calendar of the time zone.'),
    timeZone: timeZone.default('UTC'),
    anchorDay: date.default({ year: 2001, month: 1, day: 1 }).describe('The first day of one of the periods; 2001-01-01, a Monday, unless stated.'),
    prefixes: prefixes.default([]).describe('Destinations; all, unless stated.'),
    weight: z.int().min(0).max(1_000_000).default(0).describe('The heaviest is used first, then the one that expires first, then the one that is named first.'),
    covers: z.enum(['none', 'connect', 'all']).default('none').describe('The fees that are free where all seconds of a call are.'),
    validFrom: writtenInstant.optional().describe('Calls that begin from here on, inclusive, may use it.'),
    validUntil: writtenInstant.optional().describe('Exclusive.'),
  })
  .superRefine(({ plan, account, card }, context) => {
    if ([plan, account, card].filter((who) => who !== undefined).length !== 1) context.addIssue({ code: 'custom', path: [], message: 'must be for one of plan, account and card' });
  })
  .meta({ id: 'allowance', description: 'Free seconds, used before money by the calls of the document in their order.' });

export type StatedAllowance = z.output<typeof allowance>;
