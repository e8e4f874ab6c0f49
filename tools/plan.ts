import { z } from 'zod';
import { providers } from './carrier/replies.ts';
import { argumentsOf } from './cli/arguments.ts';
import { Misuse } from './cli/stop.ts';
import { runningApi } from './client/connect.ts';
import { columnsOf } from './client/deck-texts.ts';
import { createBody, createOptions, createPaths, type PlanKind, planKinds } from './client/plan-bodies.ts';

export const summary = 'lists, shows, creates, renames and deletes plans';

export const help = `
./tollwire plan list   tariff|retail|carrier|ban|voip [--json]
./tollwire plan show   KIND ID [--json]
./tollwire plan rename KIND ID --name NAME [--json]
./tollwire plan delete KIND ID [--json]
./tollwire plan create tariff  --name NAME --currency EUR [--decimals N] [--rounding up|down|half_up] [--time-zone ZONE] [TERMS] [--json]
./tollwire plan create retail  --name NAME --currency EUR [--carriers ID,ID] [--time-zone ZONE] [--json]
./tollwire plan create carrier --name NAME --currency EUR --carrier-code CODE [--time-zone ZONE] [--json]
./tollwire plan create ban     --name NAME --prefixes 900,979 [--json]
./tollwire plan create voip    --name NAME --currency EUR --retail LINK,LINK [--carriers ID,ID] [--bans ID,ID] [--plan ID]
                               [--from INSTANT] [--until INSTANT] [--decimals N] [--rounding up|down|half_up] [TERMS] [--json]

  LINK       a retail plan, ID or ID:METRIC: of rates with equally long prefixes that of the lower metric counts
             ID@CARRIER+CARRIER: what customers pay over these carriers, and over no other
  --plan ID  gives this VoIP plan the composition instead of making a new one, as a whole: what is not said is as of a new one
  --decimals, --rounding     of the one rounding of a price (default 4, up)
  --time-zone ZONE           by whose clocks the time windows of its rates go, as Europe/Madrid (default UTC)

TERMS are what is charged beside the rates, where a rate states nothing else; amounts are before tax:

  --connect-fee AMOUNT, --disconnect-fee AMOUNT[@SEC]   once for an answered call; the latter of at least SEC seconds
  --attempt-fee AMOUNT       for a call whose last attempt failed
  --min-charge AMOUNT, --max-cost AMOUNT[:disconnect]   what a call costs at least, and at most: then it goes on for nothing, or ends
  --min-duration SEC, --grace SEC   shorter calls cost nothing; seconds that are added before a call is charged
  --raise TO@ABOVE           calls of more than ABOVE seconds count as TO at least
  --block-fee AMOUNT/SEC     for every SEC seconds that are complete
  --tax PERCENT              on everything, before the one rounding
  --window-policy split|start   whether a call that crosses into another window is split there, or keeps the rate of its start

What is in use is not deleted; the refusal says by what.
`;

const plan = z.looseObject({ id: z.number(), name: z.string().default(''), currency: z.string().default(''), carrierCode: z.string().default('') });
const page = z.object({ plans: z.array(plan).default([]), nextAfterId: z.number().default(0) });

type Values = { readonly [Option in keyof typeof createOptions]?: string | undefined };

export async function run(args: readonly string[]): Promise<void> {
  const { values, positionals } = argumentsOf(args, { ...createOptions, json: { type: 'boolean' } }, { list: 1, show: 2, rename: 2, delete: 2, create: 1 });
  const [what = '', named, id] = positionals;
  const step = steps[what];
  if (step === undefined) throw new Misuse(`Say what to do: ./tollwire plan ${Object.keys(steps).join('|')}`);
  const kind = planKinds.find((each) => each === named);
  if (kind === undefined) throw new Misuse(`Say which kind of plan: ./tollwire plan ${what} ${planKinds.join('|')}`);
  const { answer, text } = await step(kind, id, values);
  process.stdout.write(values.json === true ? `${JSON.stringify(answer)}\n` : text);
}

interface Done {
  readonly answer: unknown;
  readonly text: string;
}

const steps: Readonly<Record<string, (kind: PlanKind, id: string | undefined, values: Values) => Promise<Done>>> = {
  async list(kind) {
    const plans: z.infer<typeof plan>[] = [];
    for (let afterId = 0, more = true; more; ) {
      const next = await runningApi().get(`/v1/plans/${kind}?afterId=${afterId}`, page);
      plans.push(...next.plans);
      afterId = next.nextAfterId;
      more = afterId > 0;
    }
    const rows = plans.map((each) => [String(each.id), each.name, each.currency, each.carrierCode]);
    return { answer: plans, text: rows.length === 0 ? `There is no ${kind} plan yet.\n` : columnsOf(rows) };
  },

  async show(kind, id) {
    const answer = await runningApi().get(pathOf('show', kind, id), plan);
    return { answer, text: columnsOf(Object.entries(answer).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)])) };
  },

  async create(kind, _id, values) {
    const answer = await runningApi().post(createPaths[kind], createBody(kind, values), z.object({ id: z.number() }));
    return { answer, text: `It is ${kind} plan ${answer.id}.\n${kind === 'voip' ? lacksOf(values) : await nextOf(kind, answer.id, values['carrier-code'])}` };
  },

  async rename(kind, id, { name }) {
    if (name === undefined) throw new Misuse('Say how it is to be called with --name NAME.');
    const answer = await runningApi().post(`${pathOf('rename', kind, id)}/rename`, { name }, plan);
    return { answer, text: `${kind} plan ${answer.id} is called ${answer.name}.\n` };
  },

  async delete(kind, id) {
    const answer = await runningApi().delete(pathOf('delete', kind, id), plan);
    return { answer, text: `${kind} plan ${answer.id} is deleted.\n` };
  },
};

/** What a VoIP plan is without now, also where it had that before: it was composed as a whole. */
function lacksOf({ carriers, bans }: Values): string {
  return [
    carriers === undefined ? 'It names no carrier plans, so no call of it is routed: say --carriers ID,ID as well.\n' : '',
    bans === undefined ? 'It bans no prefixes: --bans ID,ID has those of ban plans.\n' : '',
  ].join('');
}

/** What a plan that was created is still without: rates, and of a carrier plan perhaps the carrier. */
async function nextOf(kind: PlanKind, id: number, carrierCode: string | undefined): Promise<string> {
  if (kind !== 'tariff' && kind !== 'retail' && kind !== 'carrier') return '';
  const load = `Its rates: ./tollwire import deck FILE --plan ${kind}:${id}\n`;
  if (kind !== 'carrier' || (await runningApi().get('/v1/providers', providers)).providers.some((each) => each.carrierCode === carrierCode)) return load;
  return `${load}No call goes over it before its carrier is there: ./tollwire carrier register ${carrierCode} --name NAME --address ADDRESS\n`;
}

function pathOf(what: string, kind: PlanKind, id: string | undefined): string {
  if (id === undefined || !/^[1-9]\d{0,9}$/.test(id)) throw new Misuse(`Say which one by its number: ./tollwire plan ${what} ${kind} ID`);
  return `/v1/plans/${kind}/${id}`;
}
