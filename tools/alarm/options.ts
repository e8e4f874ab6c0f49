import { Misuse } from '../cli/stop.ts';

/** What the command line says of an alarm. */
export interface AlarmOptions {
  readonly type?: string | undefined;
  readonly period?: string | undefined;
  readonly 'less-than'?: string | undefined;
  readonly 'greater-than'?: string | undefined;
  readonly decrease?: string | undefined;
  readonly increase?: string | undefined;
  readonly against?: string | undefined;
  readonly by?: string | undefined;
  readonly value?: string | undefined;
  readonly currency?: string | undefined;
  readonly 'calls-min'?: string | undefined;
  readonly 'throttle-sec'?: string | undefined;
}

const against: Readonly<Record<string, string>> = { yesterday: 'same_day', weekday: 'same_day_in_pre_week', rolling: 'rolling' };

/** The terms of an alarm as the door takes them. Exactly one condition is given; a `%` makes a decrease or increase one of percent. */
export function alarmBody(values: AlarmOptions): Record<string, unknown> {
  const { condition, threshold } = conditionOf(values);
  if (values.against !== undefined && against[values.against] === undefined) throw new Misuse(`--against takes yesterday, weekday or rolling, not "${values.against}".`);
  return {
    type: values.type,
    period: values.period,
    condition,
    threshold,
    ...(values.against === undefined ? {} : { comparedWith: against[values.against] }),
    dimension: values.by,
    value: values.value,
    currency: values.currency,
    callsMin: numberOf('calls-min', values['calls-min']),
    throttleSec: numberOf('throttle-sec', values['throttle-sec']),
  };
}

function conditionOf(values: AlarmOptions): { condition: string; threshold: string } {
  const { decrease, increase } = values;
  const given = [
    ...(values['less-than'] === undefined ? [] : [{ condition: 'less_than', threshold: values['less-than'] }]),
    ...(values['greater-than'] === undefined ? [] : [{ condition: 'greater_than', threshold: values['greater-than'] }]),
    ...(decrease === undefined ? [] : [changeOf('decrease', decrease)]),
    ...(increase === undefined ? [] : [changeOf('increase', increase)]),
  ];
  const [only] = given;
  if (only === undefined || given.length > 1) throw new Misuse('Say when it fires, by one of --less-than N, --greater-than N, --decrease N or N%, --increase N or N%.');
  return only;
}

function changeOf(way: string, text: string): { condition: string; threshold: string } {
  const isPercent = text.endsWith('%');
  return { condition: `${isPercent ? 'percentage_' : ''}${way}_by_more_than`, threshold: isPercent ? text.slice(0, -1) : text };
}

function numberOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new Misuse(`--${name} takes a whole number, not "${text}".`);
  return Number(text);
}
