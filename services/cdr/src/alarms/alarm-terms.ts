import type { AlarmTerms, CodedRefusal } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import { type AlarmCondition, alarmConditions, type AlarmType, alarmTypes, type Milli } from '../domain/alarm.ts';
import { type AlarmAddOn, alarmAddOns, type AlarmPeriod, alarmPeriods } from '../domain/alarm-period.ts';
import { groupings } from '../api/traffic-report.ts';

/** What an alarm is about, checked. */
export interface Terms {
  readonly name: string;
  readonly period: AlarmPeriod;
  readonly type: AlarmType;
  readonly condition: AlarmCondition;
  readonly threshold: Milli;
  readonly addOn: AlarmAddOn;
  readonly dimension: string;
  readonly value: string;
  readonly currency: string;
  readonly callsMin: number;
  readonly throttleSec: number;
  readonly webhookUrl: string;
  readonly email: string;
}

/** The terms of a request, with what is usual where nothing is said; or the field at fault and what it may be. */
export function termsOf(terms: AlarmTerms | undefined): Result<Terms, CodedRefusal> {
  if (terms === undefined) return refuse({ code: 'field_missing', field: 'terms' });
  const period = oneOf('period', alarmPeriods, terms.period || 'day');
  const type = oneOf('type', alarmTypes, terms.type || 'ALOC');
  const condition = oneOf('alertCondition', alarmConditions, terms.alertCondition || 'less_than');
  const addOn = oneOf('alertConditionAddOn', alarmAddOns, terms.alertConditionAddOn || 'same_day');
  const threshold = thresholdOf(terms.alertValue);
  for (const part of [period, type, condition, addOn, threshold]) if (!part.ok) return part;
  if (!(period.ok && type.ok && condition.ok && addOn.ok && threshold.ok)) return refuse({ code: 'field_malformed', field: 'terms' });
  const read: Terms = {
    name: terms.name, period: period.value, type: type.value, condition: condition.value, addOn: addOn.value, threshold: threshold.value,
    dimension: terms.dimension || 'all', value: terms.value, currency: terms.currency,
    callsMin: terms.callsMin, throttleSec: terms.throttleSec, webhookUrl: terms.webhookUrl, email: terms.emailToSendAlarm,
  };
  const fault = faultOf(read);
  return fault === undefined ? ok(read) : refuse(fault);
}

/** The ways in which an alarm tells that it fired. */
export function waysOf({ webhookUrl, email }: Pick<Terms, 'webhookUrl' | 'email'>): ('webhook' | 'email')[] {
  return [...(webhookUrl === '' ? [] : ['webhook' as const]), ...(email === '' ? [] : ['email' as const])];
}

function oneOf<T extends string>(field: string, all: readonly T[], text: string): Result<T, CodedRefusal> {
  const found = all.find((each) => each === text);
  return found === undefined ? refuse({ code: 'field_malformed', field, facts: { allowed: all.join(', ') } }) : ok(found);
}

/** At most nine digits before the point, as `numeric(12, 3)` holds. */
function thresholdOf(text: string): Result<Milli, CodedRefusal> {
  const [, sign = '', whole = '', decimals = ''] = /^(-?)(\d{1,9})(?:\.(\d{1,3}))?$/.exec(text) ?? [];
  if (whole === '') return refuse({ code: 'field_malformed', field: 'alertValue', detail: 'Name a decimal number with at most three decimals.' });
  return ok(BigInt(`${sign}${whole}${decimals.padEnd(3, '0')}`));
}

function faultOf({ name, type, period, threshold, dimension, value, currency, webhookUrl, email }: Terms): CodedRefusal | undefined {
  if (name === '' || name.length > 100) return { code: 'field_out_of_range', field: 'name', detail: 'Name the alarm in 1 to 100 characters.' };
  if ([name, value, webhookUrl, email].some((text) => text.includes('\0'))) return { code: 'field_malformed', field: 'terms' };
  if (threshold < 0n && type !== 'MARGIN') return { code: 'field_out_of_range', field: 'alertValue', detail: 'Only a margin can be below zero.' };
  if (!groupings.has(dimension)) return { code: 'field_malformed', field: 'dimension', facts: { allowed: [...groupings].join(', ') } };
  if ((dimension === 'all') !== (value === '')) return { code: 'field_malformed', field: 'value', detail: `Name which ${dimension} the alarm is about, and none for all.` };
  if (['COST', 'MARGIN'].includes(type) !== /^[A-Z]{3}$/.test(currency)) return { code: 'currency_malformed', field: 'currency',
    detail: 'COST and MARGIN are in one currency, such as EUR; the others have none.' };
  if (type === 'CIC' && !['hour', 'day'].includes(period)) return { code: 'field_malformed', field: 'period', detail: 'Consecutive failed calls are looked for in an hour or a day.' };
  if (type === 'CIC' && !['all', 'carrier'].includes(dimension)) return { code: 'field_malformed', field: 'dimension', detail: 'Consecutive failed calls are those of one carrier, or of any.' };
  if (webhookUrl !== '' && !isWebUrl(webhookUrl)) return { code: 'field_malformed', field: 'webhookUrl', detail: 'Name an http or https URL without a user in it.' };
  if (email !== '' && !/^[^\s@]+@[^\s@]+$/.test(email)) return { code: 'field_malformed', field: 'emailToSendAlarm' };
  return undefined;
}

/** An http or https URL that names no user. */
export function isWebUrl(text: string): boolean {
  if (!URL.canParse(text) || text.length > 2000) return false;
  const { protocol, username } = new URL(text);
  return ['http:', 'https:'].includes(protocol) && username === '';
}

/** Thousandths as decimal text: `60`, `22.222`, `-0.5`. */
export function milliText(milli: Milli): string {
  const size = (milli < 0n ? -milli : milli).toString().padStart(4, '0');
  const decimals = size.slice(-3).replace(/0+$/, '');
  return `${milli < 0n ? '-' : ''}${size.slice(0, -3)}${decimals === '' ? '' : `.${decimals}`}`;
}

/** The thousandths of a `numeric(…, 3)` as the driver answers it. */
export function milliOf(numeric: string): Milli {
  const [whole = '0', decimals = ''] = numeric.split('.');
  return BigInt(`${whole}${decimals.padEnd(3, '0')}`);
}
