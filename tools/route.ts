import { parseArgs } from 'node:util';
import { z } from 'zod';
import { columns, paint } from './cli/paint.ts';
import { Stop } from './cli/stop.ts';
import { runningApi } from './client/connect.ts';
import { planOption } from './client/plan-option.ts';

export const summary = 'says which carriers a call would take, in which order and why, and which not';

export const help = `
./tollwire route NUMBER [--tariff ID | --plan ID] [--sell RATE [--currency CODE]] [--at INSTANT] [--json]

Asks the live router.

  --tariff ID, --plan ID   for the customers of which tariff or VoIP plan (default: the tariff of ./tollwire seed)
  --sell RATE              the sell rate per minute; carriers that cost more are out
  --currency CODE          its currency (default EUR)
  --at INSTANT             when, as ISO 8601 with an offset (default: now)
`;

const ranked = z.object({ carrierCode: z.string(), ratePerMin: z.string(), currency: z.string(), number: z.string(), reason: z.string() }).loose();
const excluded = z.object({ carrierCode: z.string(), code: z.string(), reason: z.string() });
const reply = z.object({ carriers: z.array(ranked), excluded: z.array(excluded), refusal: z.object({ code: z.string(), detail: z.string().default('') }).optional() });

export async function run(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { tariff: { type: 'string' }, plan: { type: 'string' }, sell: { type: 'string' }, currency: { type: 'string', default: 'EUR' }, at: { type: 'string' }, json: { type: 'boolean' } },
  });
  const [calledNumber] = positionals;
  if (calledNumber === undefined) throw new Stop('Say which number: ./tollwire route +436641234567');
  const at = values.at === undefined ? {} : { at: values.at };
  const sell = values.sell === undefined ? {} : { sellRatePerMin: values.sell, sellCurrency: values.currency };
  const body = { calledNumber, ...planOption(values), ...at, ...sell };
  const routed = await runningApi().post('/v1/routes', body, reply);
  process.stdout.write(values.json === true ? `${JSON.stringify(routed)}\n` : `${textOf(routed)}\n`);
}

function textOf({ carriers, excluded: out, refusal }: z.infer<typeof reply>): string {
  const lines = carriers.map((each, at) => [String(at + 1), each.carrierCode, each.ratePerMin, each.currency, each.number, each.reason]);
  return [
    ...(refusal === undefined ? [] : [`${paint('red', refusal.code)}: ${refusal.detail}`]),
    ...(lines.length === 0 ? [] : [columns(['', 'carrier', 'per min', '', 'number', 'why'], lines)]),
    ...out.map(({ carrierCode, code, reason }) => `   ${carrierCode} is out (${code}): ${reason}`),
  ].join('\n');
}
