import type { MessageInitShape } from '@bufbuild/protobuf';
import type { AlarmTermsSchema } from '@tollwire/contracts';
import { z } from 'zod';
import { currency, instant, rowId, text, title, whole } from '../http/primitives.ts';

const threshold = z
  .string()
  .regex(/^-?\d{1,9}(\.\d{1,3})?$/, 'must be decimal text with at most three decimals')
  .meta({ description: 'Seconds (ALOC), percent (ASR, SHORT, and a percentage), calls (TRAFFIC, CIC) or an amount (COST, MARGIN).', example: '60' });

/** What an alarm measures, when it fires, and where it tells of it. */
const termsFields = {
  name: title.max(100),
  period: z.enum(['hour', 'day', 'week', 'month']).default('day').meta({ description: 'The last whole one, of UTC, is measured two minutes after it is over.' }),
  type: z.enum(['ALOC', 'ASR', 'CIC', 'COST', 'MARGIN', 'SHORT', 'TRAFFIC']),
  condition: z
    .enum(['less_than', 'greater_than', 'decrease_by_more_than', 'increase_by_more_than', 'percentage_decrease_by_more_than', 'percentage_increase_by_more_than'])
    .default('less_than')
    .meta({ description: 'A percentage is the difference by the mean of both. CIC fires at as many consecutive failed calls as the threshold, whatever is here.' }),
  threshold,
  comparedWith: z.enum(['same_day', 'same_day_in_pre_week', 'rolling']).default('same_day').meta({ description: 'Yesterday, the same weekday, or the mean of the periods before.' }),
  dimension: z.enum(['all', 'carrier', 'country', 'destination', 'account', 'switch', 'cause']).default('all'),
  value: text(255).optional().meta({ description: 'Which carrier, country, …', example: 'NORTH' }),
  currency: currency.optional().meta({ description: 'Of COST and MARGIN.' }),
  callsMin: whole(0, 1_000_000_000).default(1).meta({ description: 'Below so many calls there is no data.' }),
  throttleSec: whole(0, 31_536_000).default(0).meta({ description: 'No second notice for so long.' }),
};

const webhookUrl = text(2000).optional().meta({ description: 'Not within a network, unless that is allowed by setting.', example: 'https://noc.example/tollwire' });
const email = text(100).optional().meta({ description: 'Notices go there, too, where a server of mail is set.', example: 'noc@carrier.example' });

interface TermsBody {
  readonly name: string;
  readonly period: string;
  readonly type: string;
  readonly condition: string;
  readonly threshold: string;
  readonly comparedWith: string;
  readonly dimension: string;
  readonly value?: string | undefined;
  readonly currency?: string | undefined;
  readonly callsMin: number;
  readonly throttleSec: number;
  readonly webhookUrl?: string | undefined;
  readonly email?: string | undefined;
}

function termsOf({ condition, threshold: alertValue, comparedWith, value, currency: code, webhookUrl: url, email: address, ...terms }: TermsBody): MessageInitShape<typeof AlarmTermsSchema> {
  return {
    ...{ name: terms.name, period: terms.period, type: terms.type, dimension: terms.dimension, callsMin: terms.callsMin, throttleSec: terms.throttleSec },
    ...{ alertCondition: condition, alertValue, alertConditionAddOn: comparedWith, value: value ?? '', currency: code ?? '', webhookUrl: url ?? '', emailToSendAlarm: address ?? '' },
  };
}

export const newAlarm = z
  .strictObject({ ...termsFields, webhookUrl, webhookSecret: text(256).min(16).optional().meta({ description: 'Signs what is sent; never shown again.' }), email })
  .transform(({ webhookSecret, ...terms }) => ({ terms: termsOf(terms), webhookSecret: webhookSecret ?? '' }));
export type NewAlarm = z.output<typeof newAlarm>;

/** An alarm that is only tried on the past. */
export const backtest = z
  .strictObject({ ...termsFields, name: termsFields.name.default('back-test'), from: instant, until: instant })
  .transform(({ from, until, ...terms }) => ({ terms: termsOf(terms), fromUs: from, untilUs: until }));
export type Backtest = z.output<typeof backtest>;

export const alarmPath = z.strictObject({ alarmId: z.coerce.number().pipe(rowId) });
export type AlarmPath = z.output<typeof alarmPath>;

export const alarmStatus = z.strictObject({ status: z.enum(['active', 'inactive']) });
export type AlarmStatus = z.output<typeof alarmStatus>;
