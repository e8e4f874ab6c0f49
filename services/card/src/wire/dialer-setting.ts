import { create } from '@bufbuild/protobuf';
import { DialerSettingSchema } from '@tollwire/contracts';
import type { CodedRefusal, DialerSetting, Money } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import type { Result } from '@tollwire/core';
import { amountOf, moneyOf } from './money.ts';
import type { Amount } from './money.ts';
import { textOf } from './text.ts';

/** How calls at a time may share the credit. */
const creditPolicies = ['all_free_credit', 'fixed_slice', 'equal_share'] as const;
type CreditPolicyName = (typeof creditPolicies)[number];

/** Dialling limits, read and checked; null is without limit. Amounts are nanos of `currency`. */
export interface Setting {
  readonly name: string;
  readonly concurrentCallsMax: number | null;
  readonly callsPerSecMax: number | null;
  readonly callSecMax: number | null;
  readonly spendPerHourMaxNanos: bigint | null;
  readonly spendPerDayMaxNanos: bigint | null;
  readonly creditToCallMinNanos: bigint | null;
  /** Null where there is no amount. */
  readonly currency: string | null;
  readonly creditPolicy: CreditPolicyName;
  readonly sliceSec: number | null;
  readonly sliceNanos: bigint | null;
}

/** A row of `dialer_setting`. */
export interface StoredSetting {
  readonly id: number;
  readonly name: string;
  readonly concurrent_calls_max: number | null;
  readonly calls_per_sec_max: number | null;
  readonly call_sec_max: number | null;
  readonly spend_per_hour_max: bigint | null;
  readonly spend_per_day_max: bigint | null;
  readonly credit_to_call_min: bigint | null;
  readonly currency: string | null;
  readonly credit_policy: string;
  readonly slice_sec: number | null;
  readonly slice_amount: bigint | null;
  readonly set_us: bigint;
  readonly set_by: string | null;
}

export const settingColumns = `d.id, d.name, d.concurrent_calls_max, d.calls_per_sec_max, d.call_sec_max, d.spend_per_hour_max, d.spend_per_day_max,
  d.credit_to_call_min, d.currency, d.credit_policy, d.slice_sec, d.slice_amount, to_us(d.set_at) AS set_us, d.set_by`;

const countMax = 1_000_000;
const callSecMaxMax = 86_400;

/** The limits of a message. Refuses what is out of range, amounts of several currencies, and a policy without what it needs. */
export function settingOf(message: DialerSetting | undefined): Result<Setting, CodedRefusal> {
  if (message === undefined) return refuse({ code: 'field_missing', field: 'setting' });
  const name = textOf(message.name, 'setting.name', 64);
  if (!name.ok) return name;
  const wrong = refusalOf(message);
  if (wrong !== null) return refuse(wrong);
  const amounts = amountsOf(message);
  if (!amounts.ok) return amounts;
  const { hour, day, least, slice, currency } = amounts.value;
  const creditPolicy = creditPolicies.find((policy) => policy === message.creditPolicy) ?? 'all_free_credit';
  return ok({
    name: name.value,
    concurrentCallsMax: limitOf(message.concurrentCallsMax),
    callsPerSecMax: limitOf(message.callsPerSecMax),
    callSecMax: limitOf(message.callSecMax),
    spendPerHourMaxNanos: hour?.nanos ?? null,
    spendPerDayMaxNanos: day?.nanos ?? null,
    creditToCallMinNanos: least?.nanos ?? null,
    currency,
    creditPolicy,
    sliceSec: limitOf(message.sliceSec),
    sliceNanos: slice?.nanos ?? null,
  });
}

/** The message of stored limits. */
export function settingMessage(row: StoredSetting): DialerSetting {
  const moneyIn = (name: 'spendPerHourMax' | 'spendPerDayMax' | 'creditToCallMin' | 'sliceAmount', nanos: bigint | null) => (nanos === null ? {} : { [name]: moneyOf(nanos, row.currency ?? '') });
  return create(DialerSettingSchema, {
    name: row.name,
    concurrentCallsMax: row.concurrent_calls_max ?? 0,
    callsPerSecMax: row.calls_per_sec_max ?? 0,
    callSecMax: row.call_sec_max ?? 0,
    ...moneyIn('spendPerHourMax', row.spend_per_hour_max),
    ...moneyIn('spendPerDayMax', row.spend_per_day_max),
    ...moneyIn('creditToCallMin', row.credit_to_call_min),
    creditPolicy: row.credit_policy,
    sliceSec: row.slice_sec ?? 0,
    ...moneyIn('sliceAmount', row.slice_amount),
    setAtUs: row.set_us,
    setBy: row.set_by ?? '',
  });
}

function refusalOf(message: DialerSetting): CodedRefusal | null {
  const { concurrentCallsMax, callsPerSecMax, callSecMax, creditPolicy, sliceSec, sliceAmount } = message;
  const tooMany = Object.entries({ concurrentCallsMax, callsPerSecMax }).find(([, count]) => count > countMax)?.[0];
  if (tooMany !== undefined) return { code: 'field_out_of_range', field: `setting.${tooMany}`, detail: `A limit is at most ${countMax}; 0 is none.` };
  const tooLong = Object.entries({ callSecMax, sliceSec }).find(([, sec]) => sec > callSecMaxMax)?.[0];
  if (tooLong !== undefined) return { code: 'field_out_of_range', field: `setting.${tooLong}`, detail: `A call lasts at most ${callSecMaxMax} seconds; 0 is no limit.` };
  if (creditPolicy !== '' && !creditPolicies.some((policy) => policy === creditPolicy)) {
    return { code: 'field_malformed', field: 'setting.creditPolicy', detail: `Choose one of ${creditPolicies.join(', ')}.` };
  }
  const hasSlice = (sliceSec > 0) !== (sliceAmount !== undefined);
  const hasAny = sliceSec > 0 || sliceAmount !== undefined;
  if (creditPolicy === 'fixed_slice' ? !hasSlice : hasAny) {
    return { code: 'field_out_of_range', field: 'setting.sliceSec', detail: 'Give a fixed_slice either sliceSec or sliceAmount, and no other policy any.' };
  }
  if (creditPolicy === 'equal_share' && concurrentCallsMax === 0) {
    return { code: 'field_missing', field: 'setting.concurrentCallsMax', detail: 'Say among how many calls the credit is shared.' };
  }
  return null;
}

interface Amounts {
  readonly hour: Amount | null;
  readonly day: Amount | null;
  readonly least: Amount | null;
  readonly slice: Amount | null;
  readonly currency: string | null;
}

function amountsOf(message: DialerSetting): Result<Amounts, CodedRefusal> {
  const hour = amountIn(message.spendPerHourMax, 'setting.spendPerHourMax');
  if (!hour.ok) return hour;
  const day = amountIn(message.spendPerDayMax, 'setting.spendPerDayMax');
  if (!day.ok) return day;
  const least = amountIn(message.creditToCallMin, 'setting.creditToCallMin');
  if (!least.ok) return least;
  const slice = amountIn(message.sliceAmount, 'setting.sliceAmount');
  if (!slice.ok) return slice;
  const currencies = [hour.value, day.value, least.value, slice.value].flatMap((amount) => amount?.currency ?? []);
  if (new Set(currencies).size > 1) return refuse({ code: 'currency_mismatch', field: 'setting', detail: 'Give all amounts of a setting in one currency.' });
  return ok({ hour: hour.value, day: day.value, least: least.value, slice: slice.value, currency: currencies[0] ?? null });
}

function amountIn(money: Money | undefined, field: string): Result<Amount | null, CodedRefusal> {
  if (money === undefined) return ok(null);
  const amount = amountOf(money, field);
  if (!amount.ok) return amount;
  return amount.value.nanos > 0n ? amount : refuse({ code: 'amount_malformed', field: `${field}.nanos`, detail: 'A limit is more than nothing; leave it out for none.' });
}

function limitOf(value: number): number | null {
  return value === 0 ? null : value;
}
