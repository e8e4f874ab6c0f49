import { Misuse } from '../cli/stop.ts';
import { termOptions, termsBody } from './plan-terms.ts';

export const planKinds = ['tariff', 'retail', 'carrier', 'ban', 'voip'] as const;
export type PlanKind = (typeof planKinds)[number];

/** Where a plan of each kind is made. */
export const createPaths: Readonly<Record<PlanKind, string>> = {
  tariff: '/v1/tariffs', retail: '/v1/retail-plans', carrier: '/v1/carrier-plans', ban: '/v1/ban-plans', voip: '/v1/voip-plans',
};

/** The options of `./tollwire plan`. */
export const createOptions = {
  'name': { type: 'string' }, 'currency': { type: 'string' }, 'decimals': { type: 'string' }, 'rounding': { type: 'string' }, 'carrier-code': { type: 'string' },
  'prefixes': { type: 'string' }, 'retail': { type: 'string' }, 'carriers': { type: 'string' }, 'bans': { type: 'string' }, 'plan': { type: 'string' },
  'from': { type: 'string' }, 'until': { type: 'string' }, 'time-zone': { type: 'string' }, 'window-policy': { type: 'string' },
  ...termOptions,
} as const;

type Values = { readonly [Option in keyof typeof createOptions]?: string | undefined };

/** A plan to be made, as the API takes it; what was not said is left out. The API refuses what does not belong to its kind. */
export function createBody(kind: PlanKind, values: Values): object {
  const stated = {
    name: values.name,
    currency: values.currency,
    roundingDecimals: whole('--decimals', values.decimals),
    roundingMode: values.rounding,
    carrierCode: values['carrier-code'],
    prefixes: values.prefixes?.split(',').map((prefix) => prefix.trim()),
    retailLinks: values.retail?.split(',').map(linkOf),
    carrierPlanIds: values.carriers?.split(',').map((id) => whole('--carriers', id)),
    banPlanIds: values.bans?.split(',').map((id) => whole('--bans', id)),
    voipPlanId: whole('--plan', values.plan),
    validFrom: values.from,
    validUntil: values.until,
    timeZone: values['time-zone'],
    windowPolicy: values['window-policy'],
    terms: termsBody(values),
  };
  if (kind === 'voip' && values.retail === undefined) throw new Misuse('Say which retail plans it has: --retail 1:10,2');
  return Object.fromEntries(Object.entries(stated).filter(([, value]) => value !== undefined));
}

/** `7`, `7:10`, or with the carriers over which it is what customers pay: `7:10@ALPHA+BETA`. */
function linkOf(text: string): object {
  const [, id, metric, carriers] = /^\s*([1-9]\d{0,9})(?::(\d{1,9}))?(?:@([^@]+))?\s*$/.exec(text) ?? [];
  if (id === undefined) throw new Misuse(`--retail takes plans as ID, ID:METRIC or ID@CARRIER+CARRIER, not "${text}".`);
  return { retailPlanId: Number(id), ...(metric === undefined ? {} : { metric: Number(metric) }), ...(carriers === undefined ? {} : { carrierCodes: carriers.split('+') }) };
}

function whole(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\s*\d{1,10}\s*$/.test(text)) throw new Misuse(`${option} takes whole numbers, not "${text}".`);
  return Number(text);
}
