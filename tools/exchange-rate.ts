import { z } from 'zod';
import { argumentsOf } from './cli/arguments.ts';
import { Misuse } from './cli/stop.ts';
import type { Api } from './client/api.ts';
import { runningApi } from './client/connect.ts';
import { columnsOf } from './client/deck-texts.ts';

export const summary = 'sets what currencies are worth in each other, and lists it';

export const help = `
./tollwire exchange-rate set BASE QUOTE RATE --source TEXT [--from INSTANT] [--json]
./tollwire exchange-rate list [BASE [QUOTE]] [--json]

One unit of BASE is RATE units of QUOTE, from an instant (now, where nothing is said) until the next rate of the pair begins.
Calls are converted by the rate of their start: by a rate of the pair, else by the inverse of one of the opposite pair, else by
way of a third currency. Nothing is ever changed: one more rate for the same instant corrects the one before.

  RATE            decimal text above 0 of at most 18 digits, as 1.0842
  --source TEXT   who says so: ECB, a bank, a contract
  --from INSTANT  as ISO 8601 with an offset
`;

const rate = z.looseObject({
  base: z.string(), quote: z.string(), rate: z.string(), revision: z.number(), validFrom: z.string().optional(), validUntil: z.string().optional(),
  source: z.string(), by: z.string(), isCorrected: z.boolean().default(false),
});
type Rate = z.infer<typeof rate>;

const page = z.object({ exchangeRates: z.array(rate).default([]), nextPageToken: z.string().default('') });

const options = { source: { type: 'string' }, from: { type: 'string' }, json: { type: 'boolean' } } as const;

export async function run(args: readonly string[]): Promise<void> {
  const { values, positionals: [action, base, quote, value] } = argumentsOf(args, options, { set: 3, list: 2 });
  const { answer, text } = await told(runningApi(), { action, base, quote, value, source: values.source, from: values.from });
  process.stdout.write(values.json === true ? `${JSON.stringify(answer)}\n` : text);
}

/** What the command line says, as it was written. */
export type Asked = { readonly [Part in 'action' | 'base' | 'quote' | 'value' | 'source' | 'from']?: string | undefined };

/** Does what is asked; stops where something is missing. */
export async function told(api: Pick<Api, 'get' | 'post'>, { action, base, quote, value, source, from }: Asked): Promise<{ answer: unknown; text: string }> {
  if (action === 'list') {
    const rates = await allRates(api, base, quote);
    return { answer: rates, text: rates.length === 0 ? 'There is no exchange rate yet.\n' : columnsOf(rates.map(cellsOf)) };
  }
  if (action !== 'set') throw new Misuse('Say what to do: ./tollwire exchange-rate set EUR USD 1.0842 --source ECB, or list');
  if (base === undefined || quote === undefined || value === undefined) throw new Misuse('Say which rate: ./tollwire exchange-rate set EUR USD 1.0842 --source ECB');
  if (source === undefined) throw new Misuse('Say who says so with --source TEXT.');
  const set = await api.post('/v1/exchange-rates', { base, quote, rate: value, source, ...(from === undefined ? {} : { validFrom: from }) }, rate);
  return { answer: set, text: `1 ${set.base} = ${set.rate} ${set.quote} from ${set.validFrom ?? 'the beginning'} (${set.source}), revision ${set.revision}.\n` };
}

async function allRates(api: Pick<Api, 'get'>, base: string | undefined, quote: string | undefined): Promise<Rate[]> {
  const all: Rate[] = [];
  for (let pageToken = '', more = true; more; ) {
    const query = Object.entries({ base, quote, pageToken }).flatMap(([name, text]) => (text === undefined || text === '' ? [] : [`${name}=${encodeURIComponent(text)}`]));
    const next = await api.get(`/v1/exchange-rates?${query.join('&')}`, page);
    all.push(...next.exchangeRates);
    pageToken = next.nextPageToken;
    more = pageToken !== '';
  }
  return all;
}

function cellsOf({ base, quote, rate: value, validFrom = '', validUntil, source, by, isCorrected }: Rate): string[] {
  const until = isCorrected ? 'corrected' : validUntil === undefined ? '' : `until ${validUntil}`;
  return [`1 ${base} = ${value} ${quote}`, `from ${validFrom}`, until, source, `by ${by}`];
}
