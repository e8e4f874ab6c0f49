import type { MessageInitShape } from '@bufbuild/protobuf';
import type { FraudTermsSchema } from '@tollwire/contracts';
import { z } from 'zod';
import { currency, prefix, rowId, text, title, whole } from '../http/primitives.ts';

const limit = z.string().regex(/^\d{1,9}(\.\d{1,9})?$/, 'must be decimal text').meta({ description: 'More than this is suspicious: units of the currency, calls or minutes.', example: '30.00' });

const payers = z.array(text(300)).max(1000).default([]);

export const newRule = z
  .strictObject({
    name: title.max(100),
    by: z.enum(['payer', 'cli', 'destination']).default('payer').meta({ description: 'Whose calls are summed up.' }),
    measure: z.enum(['spend', 'calls', 'minutes', 'short_calls', 'missed_calls']),
    windowSec: whole(60, 86_400),
    limit,
    currency: currency.optional().meta({ description: 'Of spend.' }),
    prefixes: z.array(prefix).max(1000).default([]).meta({ description: 'Only calls to numbers with one of these; any, where none is given.' }),
    highRisk: z.boolean().default(false).meta({ description: 'Only calls to the high-risk ranges.' }),
    payers: payers.meta({ description: 'Only calls that these pay for, as card:ID or account:CODE; anybody, where none is given.', example: ['account:acme'] }),
    exceptPayers: payers.meta({ description: 'Not what these pay for: mostly those that have a rule of their own.', example: [] }),
    shortSec: whole(0, 3_600).default(10).meta({ description: 'A shorter conversation is short; a missed call rang for no longer.' }),
    action: z.enum(['tell', 'block']).default('tell').meta({ description: 'Block suspends the payer, or puts the destination on the blacklist.' }),
  })
  .transform(({ currency: code, ...terms }): MessageInitShape<typeof FraudTermsSchema> => ({ ...terms, currency: code ?? '' }));
export type NewRule = z.output<typeof newRule>;

export const rulePath = z.strictObject({ ruleId: z.coerce.number().pipe(rowId) });
export type RulePath = z.output<typeof rulePath>;

export const caseQuery = z.strictObject({ status: z.enum(['suspected', 'cleared']).optional().meta({ example: 'suspected' }) });
export type CaseQuery = z.output<typeof caseQuery>;

export const clearedCase = z.strictObject({ ruleId: rowId, subject: text(300).meta({ example: 'card:0012345678901234' }) });
export type ClearedCase = z.output<typeof clearedCase>;

const range = z.strictObject({ prefix, note: text(200).optional() }).transform(({ prefix: digits, note }) => ({ prefix: digits, note: note ?? '' }));
export const ranges = z.strictObject({ ranges: z.array(range).min(1).max(10_000) });
export type Ranges = z.output<typeof ranges>;

export const rangePage = z.strictObject({ after: prefix.optional() });
export type RangePage = z.output<typeof rangePage>;
