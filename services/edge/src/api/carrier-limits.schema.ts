import { z } from 'zod';
import { accountCode, carrierCode, money, text, whole } from '../http/primitives.ts';

/** Seconds after midnight of a time of day. */
const timeOfDay = z
  .string()
  .regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?|24:00)$/, 'must be a time of day, such as 08:30, up to 24:00')
  .transform((told) => told.split(':').reduce((sec, part, at) => sec + Number(part) * 60 ** (2 - at), 0))
  .meta({ example: '08:30' });

const days = (min: number, max: number) => z.array(whole(min, max)).max(31).default([]);

const window = z
  .strictObject({
    weekdays: days(1, 7).meta({ description: '1 (Monday) to 7 (Sunday); none: any.' }),
    monthDays: days(1, 31), months: days(1, 12), years: days(1970, 9999),
    from: timeOfDay.default(0), until: timeOfDay.default(86_400),
  })
  .meta({ description: 'One that ends before it begins runs past midnight, and belongs to the day on which it began.' })
  .transform(({ from, until, ...on }) => ({ ...on, name: '', fromSec: from, untilSec: until, weight: 0 }));

/** The limits of a provider as a whole: what is left out is no limit. */
export const carrierLimits = z.strictObject({
  hours: z.array(window).max(50).default([]).meta({ description: 'It takes calls while one of these holds; none: at any time.' }),
  timeZone: text(64).default('UTC').meta({ description: 'By whose clocks.', example: 'Europe/Madrid' }),
  concurrentCallsMax: whole(1, 1_000_000).optional(),
  callsPerSecMax: whole(1, 1_000_000).optional(),
  asrPpmMin: whole(1, 1_000_000).optional().meta({ description: 'Answered calls by attempts, in millionths.' }),
  acdSecMin: whole(1, 86_400).optional(),
  pddMsMax: whole(1, 600_000).optional(),
  attemptCountMin: whole(1, 1_000_000).optional().meta({ description: 'Nothing is judged over fewer attempts; 20 where nothing is said.' }),
  lockSec: whole(1, 86_400).optional().meta({ description: 'How long a carrier below its limits is locked; 300 where nothing is said.' }),
  codecs: z.array(text(32)).max(100).optional().meta({ description: 'That it takes, where a call tells its own; none: any.' }),
  attestationMin: z.enum(['A', 'B', 'C']).optional().meta({ description: 'The weakest STIR attestation that it takes, where a call tells its own.' }),
  accountsOnly: z.array(accountCode).max(1_000).optional().meta({ description: 'It takes calls of these accounts only.' }),
  accountsNot: z.array(accountCode).max(1_000).optional().meta({ description: 'Or of all but these.' }),
}).transform(({ hours, timeZone, ...stated }) => ({ ...Object.fromEntries(Object.entries(stated).filter(([, value]) => value !== undefined)), hours, timeZone }));
export type CarrierLimits = z.output<typeof carrierLimits>;

export const measuredQuery = z.strictObject({ carrierCode: carrierCode.optional() }).transform((query) => ({ carrierCode: query.carrierCode ?? '' }));
export type MeasuredQuery = z.output<typeof measuredQuery>;

/** What is left to be used up with a carrier; null: any amount. */
export const carrierBalance = z.strictObject({ left: money.nullable() });
export type CarrierBalance = z.output<typeof carrierBalance>;
