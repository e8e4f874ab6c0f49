import { z } from 'zod';
import { Misuse } from '../cli/stop.ts';
import { columns } from '../cli/paint.ts';
import type { Told } from '../cli/told.ts';
import type { Api } from '../client/api.ts';

/** The options of ./tollwire carrier rates and withdraw. */
export const directRateOptions = {
  rate: { type: 'string', multiple: true }, prefix: { type: 'string', multiple: true }, destination: { type: 'string', multiple: true }, at: { type: 'string' },
} as const;

export interface DirectRateValues {
  readonly rate?: readonly string[] | undefined;
  readonly prefix?: readonly string[] | undefined;
  readonly destination?: readonly string[] | undefined;
  readonly at?: string | undefined;
  readonly currency?: string | undefined;
}

const counted = z.object({ rateCount: z.number().default(0) });
const page = z.object({
  rates: z.array(z.object({
    prefix: z.string(), countryPrefixId: z.number().default(0), ratePerMin: z.string(), currency: z.string(), validFrom: z.string(), validUntil: z.string().optional(),
  })).default([]),
  nextPageToken: z.string().default(''),
});
type Rate = z.infer<typeof page>['rates'][number];

/** Loads the rates that are said; where none are, shows those that stand. */
export async function rates(api: Api, carrierCode: string, { rate = [], prefix = [], at, currency }: DirectRateValues): Promise<Told> {
  if (rate.length > 0) {
    const loaded = await api.post('/v1/provider-rates', { carrierCode, currency, rates: rate.map(rateOf) }, counted);
    return { json: loaded, lines: [`${carrierCode}: ${loaded.rateCount} ${loaded.rateCount === 1 ? 'rate' : 'rates'} from now on`] };
  }
  const standing = await allRates(api, { carrierCode, ...(at === undefined ? {} : { at }), ...(prefix[0] === undefined ? {} : { prefix: prefix[0] }) });
  const rows = standing.map((each) => [each.prefix, each.countryPrefixId === 0 ? '-' : String(each.countryPrefixId), each.ratePerMin, each.currency, each.validFrom, each.validUntil ?? '']);
  return { json: { rates: standing }, lines: [rows.length === 0 ? `${carrierCode}: no direct rates` : columns(['prefix', 'destination', 'a minute', '', 'from', 'until'], rows)] };
}

/** Takes back prefixes and destinations. */
export async function withdraw(api: Api, carrierCode: string, { prefix = [], destination = [] }: DirectRateValues): Promise<Told> {
  const named = { prefixes: prefix.flatMap((text) => text.split(',')), countryPrefixIds: destination.flatMap((text) => text.split(',')).map(destinationOf) };
  if (named.prefixes.length + named.countryPrefixIds.length === 0) throw new Misuse(`Say what is withdrawn: ./tollwire carrier withdraw ${carrierCode} --prefix 431, or --destination 17`);
  const done = await api.post('/v1/provider-rates/withdraw', { carrierCode, ...named }, counted);
  return { json: done, lines: [`${carrierCode}: ${done.rateCount} ${done.rateCount === 1 ? 'rate' : 'rates'} withdrawn`] };
}

async function allRates(api: Api, query: Readonly<Record<string, string>>): Promise<Rate[]> {
  const all: Rate[] = [];
  for (let pageToken = ''; ;) {
    const told = await api.get(`/v1/provider-rates?${new URLSearchParams({ ...query, ...(pageToken === '' ? {} : { pageToken }) }).toString()}`, page);
    all.push(...told.rates);
    if (told.nextPageToken === '') return all;
    pageToken = told.nextPageToken;
  }
}

/** `431=0.012`, or `431=0.012@17` for destination 17, as the API takes a rate. */
function rateOf(text: string): Record<string, unknown> {
  const [, prefix, ratePerMin, destination] = /^(\d{1,15})=(\d+(?:\.\d+)?)(?:@(\d+))?$/.exec(text) ?? [];
  if (prefix === undefined) throw new Misuse(`--rate takes a prefix and its price a minute, such as 431=0.012, or with its destination 431=0.012@17, not "${text}".`);
  return { prefix, ratePerMin, ...(destination === undefined ? {} : { countryPrefixId: Number(destination) }) };
}

function destinationOf(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new Misuse(`--destination takes a countryprefixid, such as 17, not "${text}".`);
  return Number(text);
}
