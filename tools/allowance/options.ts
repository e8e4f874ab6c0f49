import { Misuse } from '../cli/stop.ts';

/** What the command line says, as it was written. */
export interface AllowanceOptions {
  readonly card?: string | undefined;
  readonly account?: string | undefined;
  readonly tariff?: string | undefined;
  readonly plan?: string | undefined;
  readonly bundle?: string | undefined;
  readonly sec?: string | undefined;
  readonly period?: string | undefined;
  readonly zone?: string | undefined;
  readonly anchor?: string | undefined;
  readonly prefix?: readonly string[] | undefined;
  readonly weight?: string | undefined;
  readonly covers?: string | undefined;
  readonly id?: string | undefined;
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  readonly at?: string | undefined;
}

/** The body of a grant; stops where it does not say to whom, or what. */
export function grantBody(options: AllowanceOptions, madeUpId: string) {
  const { bundle } = options;
  if ((bundle === undefined) === (options.sec === undefined)) throw new Misuse('Say what is free: either --bundle NAME or --sec SECONDS.');
  return {
    grantId: options.id ?? madeUpId,
    ...targetOf(options),
    ...(bundle === undefined ? { terms: termsOf(options) } : { bundle }),
    ...validityOf(options),
  };
}

/** From when until when, as far as that is said. */
export function validityOf({ from, until }: AllowanceOptions) {
  return { ...(from === undefined ? {} : { validFrom: from }), ...(until === undefined ? {} : { validUntil: until }) };
}

/** The query that names whose grants are meant, with its `&`; empty for all. */
export function targetQuery(options: AllowanceOptions): string {
  const none = [options.card, options.account, options.tariff, options.plan].every((one) => one === undefined);
  return none ? '' : Object.entries(targetOf(options)).map(([name, value]) => `${name}=${encodeURIComponent(value)}&`).join('');
}

function targetOf({ card, account, tariff, plan }: AllowanceOptions): Record<string, string | number> {
  const named = [
    ...(card === undefined ? [] : [{ cardId: card }]), ...(account === undefined ? [] : [{ accountCode: account }]),
    ...(tariff === undefined ? [] : [{ tariffId: wholeOf('--tariff', tariff) }]), ...(plan === undefined ? [] : [{ voipPlanId: wholeOf('--plan', plan) }]),
  ];
  const [one] = named;
  if (one === undefined || named.length > 1) throw new Misuse('Say to whom: one of --card ID, --account CODE, --tariff ID and --plan ID.');
  return one;
}

/** The terms of free seconds; stops where no seconds are said. */
export function termsOf({ sec = '', period, zone, anchor, prefix, weight, covers }: AllowanceOptions): Record<string, unknown> {
  return {
    sec: wholeOf('--sec', sec),
    ...(period === undefined ? {} : { period }),
    ...(zone === undefined ? {} : { timeZone: zone }),
    ...(anchor === undefined ? {} : { anchorDay: anchor }),
    ...(prefix === undefined ? {} : { prefixes: prefix }),
    ...(weight === undefined ? {} : { weight: wholeOf('--weight', weight) }),
    ...(covers === undefined ? {} : { covers }),
  };
}

function wholeOf(option: string, text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new Misuse(`${option} takes a whole number, not "${text}".`);
  return Number(text);
}
