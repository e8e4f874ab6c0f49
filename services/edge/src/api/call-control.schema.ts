import { z } from 'zod';
import { accountCode, cardId, positiveMoney, rowId, text, whole } from '../http/primitives.ts';
import { callPath, legQuery } from './calls.schema.ts';

export { callPath, legQuery };
export type { CallPath, LegQuery } from './calls.schema.ts';

/** `sequence` is the switch's: the same one again gets the same answer. */
export const extension = z.strictObject({
  sequence: whole(1, 2_147_483_647).meta({ description: 'Counts the extensions of a call, from 1.', example: 1 }),
  usedSec: whole(0, 86_400).meta({ description: 'Seconds of conversation so far.', example: 55 }),
});
export type Extension = z.output<typeof extension>;

const settingName = text(64).meta({ example: 'two-lines' });

/** Dialling limits; one that is left out is none. All amounts are in one currency. */
export const dialerSetting = z
  .strictObject({
    name: settingName,
    concurrentCallsMax: whole(1, 1_000_000).optional(),
    callsPerSecMax: whole(1, 1_000_000).optional(),
    callSecMax: whole(1, 86_400).optional(),
    spendPerHourMax: positiveMoney.optional(),
    spendPerDayMax: positiveMoney.optional(),
    creditToCallMin: positiveMoney.optional().meta({ description: 'A call begins only where at least so much is free.' }),
    creditPolicy: z.enum(['all_free_credit', 'fixed_slice', 'equal_share']).default('all_free_credit').meta({ description: 'How calls at a time share the credit.' }),
    sliceSec: whole(1, 86_400).optional(),
    sliceAmount: positiveMoney.optional(),
  })
  .transform(({ spendPerHourMax, spendPerDayMax, creditToCallMin, sliceAmount, concurrentCallsMax = 0, callsPerSecMax = 0, callSecMax = 0, sliceSec = 0, ...rest }) => ({
    ...rest,
    ...{ concurrentCallsMax, callsPerSecMax, callSecMax, sliceSec },
    ...(spendPerHourMax === undefined ? {} : { spendPerHourMax }),
    ...(spendPerDayMax === undefined ? {} : { spendPerDayMax }),
    ...(creditToCallMin === undefined ? {} : { creditToCallMin }),
    ...(sliceAmount === undefined ? {} : { sliceAmount }),
  }));
export type DialerSettingBody = z.output<typeof dialerSetting>;

/** Which limits; null takes them away. */
export const limited = z.strictObject({ setting: settingName.nullable() });
export type Limited = z.output<typeof limited>;

export const suspension = z.strictObject({ reason: text(256) });
export type Suspension = z.output<typeof suspension>;

export const accountPath = z.strictObject({ accountCode });
export type AccountPath = z.output<typeof accountPath>;

export const cardPath = z.strictObject({ cardId });
export type CardPath = z.output<typeof cardPath>;

/** Which gateways calls may use; both empty: all. */
export const allowedGateways = z.strictObject({ gatewayIds: z.array(rowId).max(1_000).default([]), gatewayGroupIds: z.array(rowId).max(1_000).default([]) });
export type AllowedGateways = z.output<typeof allowedGateways>;
