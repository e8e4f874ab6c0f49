import { callOfKey } from '@tollwire/contracts';
import { z } from 'zod';
import { argumentsOf } from './cli/arguments.ts';
import { columns, paint } from './cli/paint.ts';
import { documentText } from './cli/document.ts';
import { Misuse } from './cli/stop.ts';
import { runningApi } from './client/connect.ts';
import { planOption } from './client/plan-option.ts';
import { progress } from './cli/progress.ts';
import { tell } from './cli/told.ts';
import { deckVersions, whatIfBody, whatIfLines, whatIfPlan, whatIfReply, type WhatIfValues } from './route/what-if.ts';
import { callerIdColumn } from './route/caller-id-column.ts';
import { routedOutput } from './route/output.ts';
import { refuseUnread, routeOptions } from './route/route-options.ts';

export const summary = 'says which carriers a call would take, and why: of the live router, or of a document with no server';

export const help = `
./tollwire route NUMBER [--tariff ID | --plan ID | --account CODE | --card ID] [--sell RATE [--currency CODE]] [--at INSTANT]
                        [--call SWITCH/ID/LEG] [--switch SWITCH [--trunk TRUNK]] [--routing-number NUMBER] [--caller NUMBER]
                        [--codecs LIST] [--attestation LEVEL] [--json]
./tollwire route --what-if POLICY [--deck CARRIERPLAN=VERSION …] [--against POLICY] [--tariff ID | --plan ID [--account CODE]]
                        [--from INSTANT] [--until INSTANT] [--json]
./tollwire route FILE [--json]

Asks the live router, or routes the calls of a JSON document of carriers, rates, policies and calls (FILE, or - for the standard
input) by the decision of that router, with no server. docs/ROUTE.md describes the document with examples, and
docs/route.schema.json is its JSON Schema.

  --tariff ID, --plan ID   for the customers of which tariff or VoIP plan (default: the tariff of ./tollwire seed)
  --account CODE, --card ID   for somebody who pays: their plan, and the rate that it sells at
  --sell RATE              the sell rate per minute; carriers that cost more are out
  --currency CODE          its currency (default EUR)
  --at INSTANT             when, as ISO 8601 with an offset (default: now)
  --call SWITCH/ID/LEG     where shares are by weight: the order that this call got, or would get; without it always the same one
  --routing-number NUMBER  what number portability answered: carriers are found by it, and get the called number
  --caller NUMBER          who calls, for gateways that want another caller id; empty: withheld
  --codecs LIST, --attestation LEVEL  what the call has, PCMA,opus and A, B or C: carriers that take none of it are out
  --switch, --trunk        reads the number as it is dialled there (./tollwire numbers)
  --json                   for programs; of a document one JSON object a line for each call, in its order

A what-if routes the answered calls of a plan by two policies, over the decks of their time and the carriers as they are now, and tells
cost, margin and calls moved by destination. Nothing is changed.

  --what-if POLICY         the policy to try, by the terms of ./tollwire policy set: "order=quality margin-ppm-min=50000"
  --deck CARRIERPLAN=VERSION  a version of a carrier plan that need not be in force, in place of what that had; with or without --what-if.
                           VERSION is its number or the beginning of its digest: ./tollwire deck list --kind carrier --owner CARRIERPLAN
  --against POLICY         what it is compared with (default: the plan's own)
  --from, --until INSTANT  calls that began in this time (default: the last week)
  --account CODE           only the calls of this account, by the plan that is named

Of a document --json alone counts, since its calls have all that they are routed by; an option that nobody would look at is refused. It ends
with 0 where every call got a route or a coded refusal, with 2 where the document is malformed: each fault is told with its JSON path.
`;

const presented = z.object({ number: z.string().default(''), presentation: z.string() });
const ranked = z.object({ carrierCode: z.string(), ratePerMin: z.string(), price: z.string(), currency: z.string(), number: z.string(), reason: z.string(), callerId: presented.optional() }).loose();
const excluded = z.object({ carrierCode: z.string(), code: z.string(), reason: z.string() });
const reply = z.object({
  carriers: z.array(ranked), excluded: z.array(excluded), refusal: z.object({ code: z.string(), detail: z.string().default('') }).optional(),
  routedBy: z.string().default(''),
  notice: z.object({ list: z.string(), prefix: z.string(), country: z.string().optional() }).optional(),
});

/** What a number is dialled with; all else names a document. */
const NUMBER = /^(?=.*\d)[+\d\s().*#-]+(?:;(?:npdi|rn=|rn-context=).*)?$/i;

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = argumentsOf(args, routeOptions, 1);
  const [calledNumber] = positionals;
  if (values['what-if'] !== undefined || values.deck !== undefined) {
    if (calledNumber !== undefined) throw new Misuse(`A what-if is of the calls of a plan, not of ${calledNumber}.`);
    refuseUnread('what-if', values);
    return await askWhatIf(values['what-if'], values);
  }
  if (calledNumber === undefined) throw new Misuse('Say which one number, ./tollwire route +436641234567, or which document.');
  const isNumber = NUMBER.test(calledNumber);
  refuseUnread(isNumber ? 'number' : 'document', values);
  return isNumber ? await routeNumber(calledNumber, values) : await routeDocument(calledNumber, values.json === true);
}

type Values = ReturnType<typeof argumentsOf<typeof routeOptions>>['values'];

async function routeNumber(calledNumber: string, values: Values): Promise<number> {
  if (values.call !== undefined && !isCall(values.call)) throw new Misuse(`--call takes a call as SWITCH/ID/LEG, such as vienna/4711/0, not "${values.call}".`);
  const at = values.at === undefined ? {} : { at: values.at };
  const sell = values.sell === undefined ? {} : { sellRatePerMin: values.sell, sellCurrency: values.currency ?? 'EUR' };
  const call = values.call === undefined ? {} : { callKey: values.call };
  const dialled = { ...(values.switch === undefined ? {} : { switchId: values.switch }), ...(values.trunk === undefined ? {} : { trunk: values.trunk }) };
  const ported = values['routing-number'] === undefined ? {} : { routingNumber: values['routing-number'] };
  const cli = values.caller === undefined ? {} : { cli: values.caller };
  const needs = {
    ...(values.codecs === undefined ? {} : { codecs: values.codecs.split(',').map((codec) => codec.trim()) }), ...(values.attestation === undefined ? {} : { attestation: values.attestation }),
  };
  const body = { calledNumber, ...dialled, ...ported, ...cli, ...whoseOption(values), ...at, ...sell, ...call, ...needs };
  const routed = await runningApi().post('/v1/routes', body, reply);
  process.stdout.write(values.json === true ? `${JSON.stringify(routed)}\n` : `${textOf(routed, values.call)}\n`);
  return 0;
}

function isCall(key: string): boolean {
  const call = callOfKey(key);
  return call !== undefined && call.switchId !== '' && call.callId !== '';
}

/** Somebody who pays, or a plan. */
function whoseOption(values: { card?: string | undefined; account?: string | undefined; tariff?: string | undefined; plan?: string | undefined }): object {
  const { card, account, tariff, plan } = values;
  if (card === undefined && account === undefined) return planOption(values);
  if ([card, account, tariff, plan].filter((each) => each !== undefined).length > 1) throw new Misuse('Name one of --tariff, --plan, --account and --card.');
  return card === undefined ? { accountCode: account } : { cardId: card };
}

async function askWhatIf(policy: string | undefined, values: WhatIfValues): Promise<number> {
  const plan = whatIfPlan(values);
  whatIfBody(policy, values, plan);
  const api = runningApi();
  const body = whatIfBody(policy, values, plan, await deckVersions(api, values.deck ?? []));
  const compared = await progress('Routing', () => api.post('/v1/routing-policies/what-if', body, whatIfReply));
  tell({ json: compared, lines: whatIfLines(compared, { policy, values, plan }) }, values.json);
  return 0;
}

async function routeDocument(file: string, json: boolean): Promise<number> {
  const { text, faults, exitCode } = await routedOutput(documentText(file), { json });
  process.stdout.write(text);
  process.stderr.write(faults);
  return exitCode;
}

function textOf({ carriers, excluded: out, refusal, notice, routedBy }: z.infer<typeof reply>, call: string | undefined): string {
  const isDrawnForNone = call === undefined && carriers.length > 1 && carriers.some(({ reason }) => reason.startsWith('drawn by weight'));
  const callerIds = callerIdColumn(carriers);
  const lines = carriers.map((each, at) => [String(at + 1), each.carrierCode, each.ratePerMin, each.price, each.currency, each.number, ...callerIds.cellOf(each), each.reason]);
  return [
    ...(refusal === undefined ? [] : [`${paint('red', refusal.code)}: ${refusal.detail}`]),
    ...(routedBy === '' ? [] : [`routed by ${routedBy}`]),
    ...(notice === undefined ? [] : [`on the ${notice.list}: prefix ${notice.prefix}${notice.country === undefined ? '' : ` of ${notice.country}`}`]),
    ...(lines.length === 0 ? [] : [columns(['', 'carrier', 'per min', 'price', '', 'number', ...callerIds.heading, 'why'], lines)]),
    ...out.map(({ carrierCode, code, reason }) => `   ${carrierCode} is out (${code}): ${reason}`),
    ...(isDrawnForNone ? ['Each call draws an order of its own by the weights; without a call this one is always the same. --call SWITCH/ID/LEG draws for a call.'] : []),
  ].join('\n');
}
