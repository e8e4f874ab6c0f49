import { Misuse } from '../cli/stop.ts';

/** What the command line says, as it was written. */
export interface LimitOptions {
  readonly concurrent?: string | undefined;
  readonly 'per-sec'?: string | undefined;
  readonly 'call-sec'?: string | undefined;
  readonly 'per-hour'?: string | undefined;
  readonly 'per-day'?: string | undefined;
  readonly 'min-credit'?: string | undefined;
  readonly share?: string | undefined;
  readonly 'slice-sec'?: string | undefined;
  readonly slice?: string | undefined;
  readonly currency?: string | undefined;
  readonly account?: string | undefined;
  readonly card?: string | undefined;
  readonly 'card-type'?: string | undefined;
  readonly reason?: string | undefined;
  readonly gateways?: string | undefined;
  readonly groups?: string | undefined;
  readonly none?: boolean | undefined;
}

/** The body of limits under a name; stops where there is no name, or a number that is none. */
export function settingBody(name: string | undefined, values: LimitOptions): Record<string, unknown> {
  if (name === undefined) throw new Misuse('Name the limits: ./tollwire limits set two-lines --concurrent 2');
  const whole = (field: string, option: 'concurrent' | 'per-sec' | 'call-sec' | 'slice-sec') => numberIn(field, `--${option}`, values[option]);
  const money = (field: string, amount: string | undefined) => (amount === undefined ? {} : { [field]: { amount, currency: values.currency ?? 'EUR' } });
  return {
    name,
    ...whole('concurrentCallsMax', 'concurrent'),
    ...whole('callsPerSecMax', 'per-sec'),
    ...whole('callSecMax', 'call-sec'),
    ...money('spendPerHourMax', values['per-hour']),
    ...money('spendPerDayMax', values['per-day']),
    ...money('creditToCallMin', values['min-credit']),
    ...(values.share === undefined ? {} : { creditPolicy: values.share }),
    ...whole('sliceSec', 'slice-sec'),
    ...money('sliceAmount', values.slice),
  };
}

/** Which gateways an account may use; stops where an id is none. */
export function allowedBody({ gateways, groups }: Pick<LimitOptions, 'gateways' | 'groups'>): object {
  return { gatewayIds: idsOf('--gateways', gateways), gatewayGroupIds: idsOf('--groups', groups) };
}

function idsOf(option: string, text = ''): number[] {
  const ids = text.split(',').map((id) => id.trim()).filter((id) => id !== '');
  const odd = ids.find((id) => !/^[1-9]\d{0,9}$/.test(id));
  if (odd !== undefined) throw new Misuse(`${option} takes ids, not "${odd}"; ./tollwire carrier list tells them.`);
  return ids.map(Number);
}

/** Where what is limited is: an account, or the cards of a type. */
export function limitedPath({ account, 'card-type': cardType }: Pick<LimitOptions, 'account' | 'card-type'>): string {
  if (account !== undefined && cardType === undefined) return `/v1/accounts/${encodeURIComponent(account)}`;
  if (cardType !== undefined && account === undefined) return `/v1/card-types/${encodeURIComponent(cardType)}`;
  throw new Misuse('Say whose: either --account CODE or, where cards are meant, --card-type ID.');
}

function numberIn(field: string, option: string, text: string | undefined): Record<string, number> {
  if (text === undefined) return {};
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Misuse(`${option} takes a whole number from 1, not "${text}".`);
  return { [field]: Number(text) };
}
