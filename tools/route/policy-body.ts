import { Misuse } from '../cli/stop.ts';

/** The options of ./tollwire policy. */
export const policyOptions = {
  tariff: { type: 'string' }, plan: { type: 'string' }, order: { type: 'string' }, 'prefix-mode': { type: 'string' }, 'expected-sec': { type: 'string' },
  delta: { type: 'string' }, 'delta-ppm': { type: 'string' }, 'allow-losses': { type: 'boolean' }, 'margin-min': { type: 'string' }, 'margin-ppm-min': { type: 'string' },
  'sell-rate-max': { type: 'string' },
  weight: { type: 'string', multiple: true }, seed: { type: 'string' }, metric: { type: 'string', multiple: true },
  'failover-q850': { type: 'string' }, 'sip-goes-on': { type: 'string' }, 'sip-stops': { type: 'string' },
  blacklisted: { type: 'string' }, static: { type: 'string', multiple: true }, exclusive: { type: 'string', multiple: true }, json: { type: 'boolean' },
} as const;

type PolicyValues = { readonly [Name in keyof typeof policyOptions]?: string | boolean | string[] | undefined };

/** A policy as the API takes it; only what was said. Stops where an option cannot be read. */
export function policyBody(values: PolicyValues): Record<string, unknown> {
  const routes = [...routesOf('static', values.static, false), ...routesOf('exclusive', values.exclusive, true)];
  const weights = pairsOf('weight', values.weight).map(([carrierCode, weight]) => ({ carrierCode, weight: numberOf('weight', weight) }));
  const metrics = pairsOf('metric', values.metric).map(([plan, metric]) => ({ carrierPlanId: numberOf('metric', plan), metric: numberOf('metric', metric) }));
  const body = {
    order: values.order, prefixMode: values['prefix-mode'], delta: values.delta, marginMin: values['margin-min'], sellRateMax: values['sell-rate-max'], lossAllowed: values['allow-losses'],
    expectedSec: whole('expected-sec', values['expected-sec']), deltaPpm: whole('delta-ppm', values['delta-ppm']),
    marginPpmMin: whole('margin-ppm-min', values['margin-ppm-min']), seed: whole('seed', values.seed),
    staticRoutes: routes, weights, metrics, blacklisted: values.blacklisted, failover: failoverOf(values),
  };
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)));
}

function failoverOf({ 'failover-q850': q850, 'sip-goes-on': sipGoesOn, 'sip-stops': sipStops }: PolicyValues): object | undefined {
  const options = { 'failover-q850': q850, 'sip-goes-on': sipGoesOn, 'sip-stops': sipStops };
  const fields: Readonly<Record<string, string>> = { 'failover-q850': 'q850', 'sip-goes-on': 'sipGoesOn', 'sip-stops': 'sipStops' };
  const stated = Object.entries(options).flatMap(([option, text]): [string, number[]][] =>
    (typeof text === 'string' ? [[fields[option] ?? option, text.split(',').map((code) => numberOf(option, code.trim()))]] : []));
  return stated.length === 0 ? undefined : Object.fromEntries(stated);
}

function routesOf(option: string, given: PolicyValues[keyof PolicyValues], exclusive: boolean) {
  return pairsOf(option, given).map(([prefix, codes]) => ({ prefix, carrierCodes: codes.split(','), exclusive }));
}

/** `ALPHA=3` as its two sides. */
function pairsOf(option: string, given: PolicyValues[keyof PolicyValues]): [left: string, right: string][] {
  return (Array.isArray(given) ? given : []).map((text) => {
    const at = text.lastIndexOf('=');
    if (at < 1 || at === text.length - 1) throw new Misuse(`--${option} takes two sides with = between them, not "${text}".`);
    return [text.slice(0, at), text.slice(at + 1)];
  });
}

function whole(option: string, given: PolicyValues[keyof PolicyValues]): number | undefined {
  return typeof given === 'string' ? numberOf(option, given) : undefined;
}

function numberOf(option: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Misuse(`--${option} takes a whole number, not "${text}".`);
  return Number(text);
}
