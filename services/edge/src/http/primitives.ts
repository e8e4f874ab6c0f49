import { nanosOf, portedNumberOf } from '@tollwire/telecom';
import { z } from 'zod';
import { usOfIso } from './instants.ts';
import { outOfRange } from './parse.ts';

/** No call of this trade is older than this, and no plan is made further ahead: what is outside is a mistake. */
const instantMin = Date.UTC(2000, 0, 1) * 1000;
const instantMax = Date.UTC(2100, 0, 1) * 1000;

/** A text without control characters, with a limit: whatever is stored and shown must stay printable. */
export const text = (maxLength: number) => z.string().min(1).max(maxLength).regex(/^[^\p{Cc}]*$/u, 'must not hold control characters');

/** What an integer column holds, and so the largest id of a row. */
export const idMax = 2_147_483_647;

/** A whole number of 31 bits, in a range. */
export const whole = (min: number, max = idMax) => z.int().min(min).max(max);

/** A whole number in a query string. */
export const wholeText = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

/** An ISO 8601 instant with offset, up to microseconds, from 2000 until 2100; inside it is microseconds since 1970. */
export const instant = z
  .string()
  .transform((value, context) => {
    const us = usOfIso(value);
    if (us !== undefined && us >= instantMin && us < instantMax) return BigInt(us);
    if (us === undefined) context.issues.push({ code: 'custom', message: 'must be an ISO 8601 instant with an offset and at most six decimals, such as 2026-06-01T00:00:00Z', input: value });
    else context.issues.push({ code: 'custom', message: 'must lie between 2000 and 2100', input: value, params: outOfRange });
    return z.NEVER;
  })
  .meta({ format: 'date-time', example: '2026-03-14T09:26:53.589793Z' });

/** For when a question holds. */
export const at = instant.optional().meta({ description: 'The instant that the question is about; now, where none is given.' });

/** Whose knowledge of the rates counts. */
export const knownAt = instant.optional().meta({ description: 'By the rates as they were known at this instant: without what was put in force, or taken back, later.' });

/** Decimal text up to nine decimals; inside it is nanos. Never a JSON number, which could not hold it exactly. */
export const decimal = z
  .string()
  .transform((value, context) => {
    const parsed = nanosOf(value);
    if (parsed.ok) return parsed.value;
    context.issues.push({ code: 'custom', message: 'must be decimal text with at most nine decimals', input: value });
    return z.NEVER;
  })
  .meta({ example: '0.0125' });

/** The same, and not below zero. */
export const price = decimal.refine((nanos) => nanos >= 0n, 'must not be negative').meta({ example: '0.0125' });

/** An ISO 4217 alphabetic code. */
export const currency = z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code of three capital letters').meta({ example: 'EUR' });

/** An exact amount of money. */
export const money = z
  .strictObject({ amount: decimal, currency })
  .transform(({ amount, currency }) => ({ nanos: amount, currency }))
  .meta({ example: { amount: '10.00', currency: 'EUR' } });

/** An amount of money above zero. */
export const positiveMoney = money.refine(({ nanos }) => nanos > 0n, 'must be more than zero').meta({ example: { amount: '10.00', currency: 'EUR' } });

/** A card id: digits in which leading zeros count, so never a number. */
export const cardId = z.string().regex(/^\d{1,32}$/, 'must be 1 to 32 digits, as text').meta({ example: '0012345678901234' });

/** An account code of a customer. */
export const accountCode = text(64).meta({ example: 'ACME-01' });

/** Digits at the start of numbers. */
export const prefix = z.string().regex(/^[1-9]\d{0,14}$/, 'must be 1 to 15 digits that do not start with 0').meta({ example: '43664' });

/** What was dialled, in any form that a switch may send: at least one digit among dial characters. */
export const dialled = z
  .string()
  .min(1)
  .max(255)
  .regex(/^(?=.*\d)[\d+*#A-Za-z().\-/ ;=@:_]+$/, 'must be a dialled number')
  .check(({ value, issues }) => {
    if (portedNumberOf(value).number.length <= 64) return;
    issues.push({ code: 'too_big', maximum: 64, origin: 'string', message: 'must be at most 64 characters, apart from what it says of number portability', input: value });
  })
  .meta({ example: '+436641234567' });

/** A carrier's code, as provider.carriercode. */
export const carrierCode = text(32).meta({ example: 'NORTH' });

/** The code of a switch. */
export const switchId = text(64).meta({ example: 'sw-vienna-1' });

/** A switch's unique id of a call. */
export const callId = text(255).meta({ example: '1a2b3c4d-0001' });

/** The leg of a call; 0 where the switch knows no legs. */
export const leg = whole(0, 255);

/** A name for people. */
export const title = text(128);

/** The name of an import: of the file that it is of, where the sender gave one. */
export const importId = text(128).meta({
  description: 'Names the file, so that its bad rows are kept once however often it is sent; made up where none is given.',
  example: '2026-03-14-Master.csv',
});

/** A line of a file, in a query string; 0 is before the first one. */
export const lineText = wholeText(0, Number.MAX_SAFE_INTEGER);

/** The id of something in a table. */
export const rowId = whole(1).meta({ example: 7 });

/** What a number portability lookup answered (RFC 4694, `rn`): carriers are found by it. */
export const routingNumber = dialled.optional()
  .meta({ description: 'What a number portability lookup answered (RFC 4694, `rn`), where the called number does not say it (`+12125550100;npdi;rn=+16465550000`): '
    + 'carriers are found by it, and get the called number; what customers pay, bans and lists go by the called number.', example: '+16465550000' });

/** What a switch may tell of number portability before a call. */
export const portability = {
  routingNumber,
  npdi: z.boolean().optional().meta({ description: 'Number portability was looked up already (RFC 4694); without a routing number: the number is not ported.' }),
};

/** What a call asks of its carriers; where nothing is said, no carrier is out for it. */
export const needs = {
  codecs: z.array(text(32)).max(32).optional().meta({ description: 'Carriers that take none of these are out.', example: ['PCMA', 'opus'] }),
  attestation: z.enum(['A', 'B', 'C']).optional().meta({ description: 'STIR attestation (RFC 8588): carriers that want a stronger one are out.' }),
};

/** By which a version of a deck is known. */
export const digest = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hex');
