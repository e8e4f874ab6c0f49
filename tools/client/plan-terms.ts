import { Misuse } from '../cli/stop.ts';

/** The options of `./tollwire plan create` that say what a plan charges beside its rates. */
export const termOptions = {
  'connect-fee': { type: 'string' }, 'disconnect-fee': { type: 'string' }, 'attempt-fee': { type: 'string' }, 'min-charge': { type: 'string' }, 'min-duration': { type: 'string' },
  'grace': { type: 'string' }, 'raise': { type: 'string' }, 'block-fee': { type: 'string' }, 'max-cost': { type: 'string' }, 'tax': { type: 'string' },
} as const;

type Values = { readonly [Option in keyof typeof termOptions]?: string | undefined };

/** The terms of a plan as the API takes them; undefined where none are said. Amounts are the API's to read. */
export function termsBody(values: Values): object | undefined {
  const stated = {
    connectFee: values['connect-fee'],
    ...disconnectFee(values['disconnect-fee']),
    attemptFee: values['attempt-fee'],
    minCharge: values['min-charge'],
    minDurationSec: seconds('--min-duration', values['min-duration']),
    addedGraceSec: seconds('--grace', values.grace),
    ...raise(values.raise),
    ...blockFee(values['block-fee']),
    maxCost: maxCost(values['max-cost']),
    taxPercent: values.tax,
  };
  const said = Object.entries(stated).filter(([, value]) => value !== undefined);
  return said.length === 0 ? undefined : Object.fromEntries(said);
}

/** `0.02`, or `0.02@60`: only of calls of at least so many seconds. */
function disconnectFee(text: string | undefined): object {
  if (text === undefined) return {};
  const [disconnectFee, after] = halves('--disconnect-fee', text, '@', 'an amount, or an amount and the seconds from which on it is charged, as 0.02@60');
  return { disconnectFee, ...(after === undefined ? {} : { disconnectFeeAfterSec: seconds('--disconnect-fee', after) }) };
}

/** `60@40`: calls of more than 40 seconds count as 60 at least. */
function raise(text: string | undefined): object {
  if (text === undefined) return {};
  const [to, above] = halves('--raise', text, '@', 'seconds, and those above which calls are raised to them, as 60@40');
  return { raisedToSec: seconds('--raise', to), raisedAboveSec: seconds('--raise', above ?? '0') };
}

/** `0.01/300`: for every 300 seconds that are complete. */
function blockFee(text: string | undefined): object {
  if (text === undefined) return {};
  const what = 'an amount and the seconds that it is charged for, as 0.01/300';
  const [amount, every] = halves('--block-fee', text, '/', what);
  if (every === undefined) throw new Misuse(`--block-fee takes ${what}, not "${text}".`);
  return { blockFee: amount, blockSec: seconds('--block-fee', every) };
}

/** `1.50`, or `1.50:disconnect`. */
function maxCost(text: string | undefined): object | undefined {
  if (text === undefined) return undefined;
  const [amount, strategy = 'free'] = halves('--max-cost', text, ':', 'an amount, or an amount and what becomes of the call, as 1.50:disconnect');
  if (strategy !== 'free' && strategy !== 'disconnect') throw new Misuse(`--max-cost lets a call go on (free) or ends it (disconnect), not "${strategy}".`);
  return { amount, strategy };
}

function halves(option: string, text: string, mark: string, what: string): [string, string | undefined] {
  const [first = '', second, ...more] = text.split(mark).map((part) => part.trim());
  if (first === '' || second === '' || more.length > 0) throw new Misuse(`${option} takes ${what}, not "${text}".`);
  return [first, second];
}

function seconds(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,10}$/.test(text)) throw new Misuse(`${option} takes whole seconds, not "${text}".`);
  return Number(text);
}
