import { Misuse } from '../cli/stop.ts';

/** The options of ./tollwire route. */
export const routeOptions = {
  tariff: { type: 'string' }, plan: { type: 'string' }, sell: { type: 'string' }, currency: { type: 'string' }, at: { type: 'string' },
  switch: { type: 'string' }, trunk: { type: 'string' }, 'routing-number': { type: 'string' }, caller: { type: 'string' }, codecs: { type: 'string' }, attestation: { type: 'string' },
  call: { type: 'string' }, account: { type: 'string' }, card: { type: 'string' }, 'what-if': { type: 'string' }, deck: { type: 'string', multiple: true }, against: { type: 'string' },
  from: { type: 'string' }, until: { type: 'string' }, json: { type: 'boolean' },
} as const;

type Option = keyof typeof routeOptions;
type RouteValues = { readonly [Name in Option]?: string | boolean | string[] | undefined };

/** What is routed: a number by the live router, the calls of a document by none, or past calls by two policies. */
export type Routed = 'number' | 'document' | 'what-if';

const COUNT: Readonly<Record<Routed, readonly Option[]>> = {
  number: ['tariff', 'plan', 'account', 'card', 'sell', 'currency', 'at', 'switch', 'trunk', 'routing-number', 'caller', 'codecs', 'attestation', 'call', 'json'],
  document: ['json'],
  'what-if': ['what-if', 'deck', 'against', 'tariff', 'plan', 'account', 'from', 'until', 'json'],
};

const WHERE: Readonly<Record<Routed, string>> = {
  number: 'of a number; --from, --until and --against are of a what-if',
  document: 'of a document, whose calls have all that they are routed by',
  'what-if': 'of a what-if, which routes calls as they were',
};

const OF: readonly (readonly [part: Option, whole: Option])[] = [['currency', 'sell'], ['trunk', 'switch']];

/** Stops at an option that nobody would look at: what is routed without it is not what was asked. */
export function refuseUnread(routed: Routed, values: RouteValues): void {
  const isSaid = (option: string) => Object.entries(values).some(([name, value]) => name === option && value !== undefined);
  const stray = Object.keys(routeOptions).filter((option) => isSaid(option) && !COUNT[routed].some((counts) => counts === option));
  if (stray.length > 0) throw new Misuse(`${stray.map((option) => `--${option}`).join(', ')} ${stray.length > 1 ? 'say' : 'says'} nothing ${WHERE[routed]}.`);
  for (const [part, whole] of OF) if (isSaid(part) && !isSaid(whole)) throw new Misuse(`--${part} says nothing without --${whole}.`);
}
