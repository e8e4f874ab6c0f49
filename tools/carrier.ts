import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { directRateOptions, type DirectRateValues, rates, withdraw } from './carrier/direct-rates.ts';
import { limitBody, limitOptions } from './carrier/limit-options.ts';
import { gatewayOf } from './carrier/gateway-options.ts';
import { balanceLine, carrierLine, gatewayLine, limitsText, measuredLines } from './carrier/lines.ts';
import { register, registrationOptions, type RegistrationValues } from './carrier/registration.ts';
import { balance, gateways, limited, measured, type Provider, providers } from './carrier/replies.ts';
import { argumentsOf } from './cli/arguments.ts';
import { changeOf } from './cli/none.ts';
import { Misuse, Stop } from './cli/stop.ts';
import { tell, type Told } from './cli/told.ts';
import type { Api } from './client/api.ts';
import { runningApi } from './client/connect.ts';

export const summary = 'registers and shows carriers, agrees on their limits and direct rates, takes them out of every route and back in';

export const help = `
./tollwire carrier list [--json]
./tollwire carrier register CODE --name NAME --address ADDRESS [--tech SIP] [--strip N] [--add-prefix DIGITS] [--timeout-sec N] [--priority N] [--json]
./tollwire carrier limits CODE [LIMITS | --none] [--json]
./tollwire carrier balance CODE [--left AMOUNT [--currency EUR] | --unlimited] [--json]
./tollwire carrier quality [CODE] [--watch] [--json]
./tollwire carrier gateways CODE [--gateway GATEWAY … | --none] [--json]
./tollwire carrier rates CODE [--rate PREFIX=PRICE[@DESTINATION] … [--currency EUR] | --prefix DIGITS --at TIME] [--json]
./tollwire carrier withdraw CODE [--prefix A,B] [--destination ID,ID] [--json]
./tollwire carrier suspend CODE | resume CODE [--json]

register makes CODE a carrier, which carrier plans and routes name, and says where it takes calls. It gets calls once it has a rate, by direct
rates or by a plan: ./tollwire plan create carrier --carrier-code CODE, then ./tollwire import deck FILE --plan carrier:ID.

  --address ADDRESS               the host, and port, of its gateway, as sip.example:5060; more than one by ./tollwire carrier gateways
  --strip N, --add-prefix DIGITS  how it wants numbers: without their first N digits, and with others before them
  --priority N                    the lower goes first, where the order of a policy looks at it (default 0)

Quality is what was measured over the last quarter of an hour, of each carrier and by country code: ASR, NER, ACD, PDD, and
which carriers are locked for it, and what is in use of limited capacity; --watch shows it every two seconds.

Where nothing is said, limits and gateways are shown. They are set as a whole; --none takes all of them away: then there are no limits,
and the gateway is the one that the carrier was registered with.

  --gateway name=vienna,address=sip1.example,groups=gold+silver   may come several times. Further parts: tech, stripDigits, addPrefix,
                                  timeoutSec, priority (the lower goes first), weight (shares among equal ones), suspended=true, portability=rn|prefix,
                                  callerId=keep|withhold|replace:NUMBER|digits:STRIP:ADD, the caller id that the switch presents there

LIMITS are set as a whole, and hold from the next call on: what is not said is no limit.

  --hours "mon-fri 08:00-20:00"   when it takes calls; may come several times; without days: every day
  --time-zone NAME                by whose clocks (default UTC)
  --concurrent N, --per-sec N     calls at once, calls begun in a second
  --asr-min PERCENT, --acd-min SECONDS, --pdd-max MS   below or above is locked
  --attempts-min N                nothing is judged over fewer attempts (default 20)
  --lock-sec N                    for how long it is locked (default 300)
  --codecs A,B, --attestation-min A|B|C   what it takes, where a call tells its own
  --accounts-only A,B, --accounts-not A,B  it takes calls of these accounts only, or of all but these

A balance is what is left to be used up from now on; what calls cost that begin from then on is taken off when they are rated. Where nothing
is said, it is shown.

Direct rates are those of the carrier itself, beside its carrier plans, a minute, charged by the second; without --rate those that stand are shown.
They count until the next load, or until they are withdrawn: by their prefix, or with all others of a destination, which is a countryprefixid
of the number plan. Calls that began before are bought by them still. Another load offers them again.
`;

const changed = z.object({ providerId: z.number().optional() });

export async function run(args: readonly string[]): Promise<void> {
  const options = { ...limitOptions, ...directRateOptions, ...registrationOptions, gateway: { type: 'string', multiple: true }, none: { type: 'boolean' },
    left: { type: 'string' }, currency: { type: 'string', default: 'EUR' }, unlimited: { type: 'boolean' }, watch: { type: 'boolean' }, json: { type: 'boolean' } } as const;
  const { values, positionals: [action, code] } = argumentsOf(args, options, { list: 0, register: 1, limits: 1, balance: 1, quality: 1, gateways: 1, rates: 1, withdraw: 1, suspend: 1, resume: 1 });
  while (action === 'quality' && values.watch === true) {
    tell(await answerOf(action, code, values), values.json);
    await delay(2_000);
  }
  tell(await answerOf(action, code, values), values.json);
}

interface BalanceValues {
  readonly left?: string | undefined;
  readonly currency?: string | undefined;
  readonly unlimited?: boolean | undefined;
}

type Values = Parameters<typeof limitBody>[0] & { readonly gateway?: readonly string[] | undefined; readonly none?: boolean | undefined } & BalanceValues & DirectRateValues & RegistrationValues;

async function answerOf(action: string | undefined, code: string | undefined, values: Values): Promise<Told> {
  const api = runningApi();
  switch (action) {
    case 'list': {
      const listed = await api.get('/v1/providers', providers);
      return { json: listed, lines: listed.providers.flatMap((each) => [carrierLine(each), ...each.gateways.map((gateway) => `  ${gatewayLine(gateway)}`)]) };
    }
    case 'register':
      return await register(api, codeOf(code), values);
    case 'quality': {
      const now = await api.get(`/v1/providers/measured${code === undefined ? '' : `?carrierCode=${encodeURIComponent(code)}`}`, measured);
      return { json: now, lines: measuredLines(now) };
    }
    case 'limits': {
      const body = limitBody(values);
      if (changeOf('limits', Object.keys(body).length > 0, values.none) === 'show') return shownLimits(await carrierNamed(api, code));
      const agreed = await api.post(`${pathOf(code)}/limits`, body, limited);
      return { json: agreed, lines: [`${code}: ${limitsText(agreed.limits)}`] };
    }
    case 'balance': {
      if (values.left === undefined && values.unlimited !== true) return await balanceShown(api, await carrierNamed(api, code));
      if (values.left !== undefined && values.unlimited === true) throw new Misuse('Say what is left, --left 1000 --currency EUR, or --unlimited: one of them.');
      const stated = await api.post(`${pathOf(code)}/balance`, { left: values.left === undefined ? null : { amount: values.left, currency: values.currency } }, balance);
      return { json: stated, lines: [stated.left === undefined ? `${code}: any amount may be used up` : `${code}: ${stated.left.amount} ${stated.left.currency} left from now on`] };
    }
    case 'gateways': {
      const stated = (values.gateway ?? []).map(gatewayOf);
      if (changeOf('gateways', stated.length > 0, values.none) === 'show') return gatewaysTold(await carrierNamed(api, code));
      const agreed = await api.post(`${pathOf(code)}/gateways`, { gateways: stated }, z.object({ gateways: gateways.default([]) }));
      return gatewaysTold({ carrierCode: code ?? '', ...agreed });
    }
    case 'rates':
      return await rates(api, codeOf(code), values);
    case 'withdraw':
      return await withdraw(api, codeOf(code), values);
    case 'suspend':
    case 'resume': {
      const done = await api.post(`${pathOf(code)}/${action}`, {}, changed);
      return { json: done, lines: [action === 'suspend' ? `${code} is out of every route` : `${code} is back in the routes`] };
    }
    case undefined:
    default:
      throw new Misuse('Say what to do: ./tollwire carrier list, or ./tollwire carrier register CODE --name NAME --address ADDRESS');
  }
}

async function carrierNamed(api: Api, code: string | undefined): Promise<Provider> {
  const path = pathOf(code);
  const found = (await api.get('/v1/providers', providers)).providers.find(({ carrierCode }) => carrierCode === code);
  if (found === undefined) throw new Stop(`There is no carrier ${code ?? path}; ./tollwire carrier list shows those that there are.`);
  return found;
}

async function balanceShown(api: Api, { carrierCode }: Provider): Promise<Told> {
  const { balances } = await api.get(`/v1/providers/measured?carrierCode=${encodeURIComponent(carrierCode)}`, measured);
  const ofCarrier = balances.filter((each) => each.carrierCode === carrierCode);
  return { json: { balances: ofCarrier }, lines: ofCarrier.length === 0 ? [`${carrierCode}: any amount may be used up`] : ofCarrier.map(balanceLine) };
}

function shownLimits({ carrierCode, limits }: Provider): Told {
  return { json: { limits }, lines: [`${carrierCode}: ${limits === undefined ? 'no limits' : limitsText(limits)}`] };
}

function gatewaysTold({ carrierCode, gateways: told }: Pick<Provider, 'carrierCode' | 'gateways'>): Told {
  return { json: { gateways: told }, lines: told.length === 0 ? [`${carrierCode}: the one that it was registered with`] : told.map(gatewayLine) };
}

function codeOf(code: string | undefined): string {
  if (code === undefined) throw new Misuse('Name the carrier by its code; ./tollwire carrier list shows them.');
  return code;
}

function pathOf(code: string | undefined): string {
  return `/v1/providers/${encodeURIComponent(codeOf(code))}`;
}
