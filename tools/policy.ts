import { z } from 'zod';
import { argumentsOf } from './cli/arguments.ts';
import { needStated } from './cli/none.ts';
import { Misuse } from './cli/stop.ts';
import { runningApi } from './client/connect.ts';
import { planOption } from './client/plan-option.ts';
import { policyBody, policyOptions } from './route/policy-body.ts';

export const summary = 'says how the calls of a plan are routed, and shows it';

export const help = `
./tollwire policy set [--tariff ID | --plan ID] (TERMS | --none) [--json]
./tollwire policy list [--past] [--json]

  --tariff ID, --plan ID     whose calls (default: the tariff of ./tollwire seed)
  --past                     what the policies were before, too: a past call is routed by the policy of its time

TERMS are set as a whole: what is not said is as in least cost of a minute, and --none says nothing else. Try them with ./tollwire route FILE first.

  --order ORDER              least_cost, priority, sell_price, quality or weights
  --prefix-mode MODE         longest_per_carrier, longest_overall or tiered
  --expected-sec SECONDS     the length of the call whose exact price is compared (default: 60)
  --delta AMOUNT, --delta-ppm N   prices so close to the cheapest are equal, and priority decides
  --allow-losses             carriers that are dearer than the sale stay in
  --margin-min AMOUNT, --margin-ppm-min N   sell less buy, and in millionths of the sell price
  --sell-rate-max AMOUNT     the destination rate limit: a call that sells for more a minute is refused before any carrier
  --weight CODE=N            a carrier's share, where the order is weights; may come several times, as all that follow
  --seed N                   draws other orders
  --metric CARRIERPLAN=N     of a carrier plan by its number; lower goes first where the order is priority
  --blacklisted stop|mark       what becomes of a call to a number on the blacklist (default: stop)
  --failover-q850 34,38         causes that go on to the next carrier, in place of the usual ones
  --sip-goes-on 503,480, --sip-stops 503,480   SIP statuses that do, or do not, whatever their cause says
  --static PREFIX=CODE,CODE     these carriers first for numbers with the prefix
  --exclusive PREFIX=CODE,CODE  these carriers only
`;

const planPolicy = z.object({
  plan: z.object({ tariffId: z.number().optional(), voipPlanId: z.number().optional() }),
  policy: z.record(z.string(), z.unknown()), setBy: z.string().optional(), setAt: z.string().optional(),
});
const kept = z.object({ policies: z.array(planPolicy), past: z.array(planPolicy).default([]) });
const done = z.object({ policy: z.record(z.string(), z.unknown()) });

export async function run(args: readonly string[]): Promise<void> {
  const { values, positionals: [action] } = argumentsOf(args, { ...policyOptions, past: { type: 'boolean' }, none: { type: 'boolean' } }, { set: 0, list: 0 });
  const isJson = values.json === true;
  if (action === 'list') {
    const listed = await runningApi().get('/v1/routing-policies', kept);
    const lines = [...listed.policies.map((each) => policyLine(each)), ...(values.past === true ? listed.past.map((each) => policyLine(each, ' before')) : [])];
    process.stdout.write(isJson ? `${JSON.stringify(listed)}\n` : lines.join('') || 'every plan goes by least cost\n');
    return;
  }
  if (action !== 'set') throw new Misuse('Say what to do: ./tollwire policy set --plan ID --order weights, or ./tollwire policy list.');
  const policy = policyBody(values);
  needStated('terms', Object.keys(policy).length > 0, values.none, './tollwire policy list');
  const answer = await runningApi().post('/v1/routing-policies', { ...planOption(values), policy }, done);
  process.stdout.write(isJson ? `${JSON.stringify(answer)}\n` : `routed from now on by ${termsText(answer.policy)}\n`);
}

function policyLine({ plan, policy, setBy = '', setAt = '' }: z.infer<typeof planPolicy>, when = ''): string {
  const whose = plan.tariffId === undefined ? `VoIP plan ${plan.voipPlanId}` : `tariff ${plan.tariffId}`;
  return `${whose}${when}: ${termsText(policy)}, set by ${setBy} at ${setAt}\n`;
}

/** What is said, without what is empty. */
function termsText(policy: Readonly<Record<string, unknown>>): string {
  const told = Object.entries(policy).filter(([name, value]) => name === 'sellRateMax' || !['', '0', '0.00', 'false', '[]', '""'].includes(JSON.stringify(value).replace(/^"(.*)"$/, '$1')));
  return told.map(([name, value]) => `${name} ${valueText(value)}`).join(', ') || 'least cost';
}

/** `NORTH 3 and EAST 1` of shares by carrier; of a static route its prefix and carriers, and that it is exclusive where it is. */
function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueText).join(' and ');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value).flatMap(([name, part]) => (part === false ? [] : [part === true ? name : Array.isArray(part) ? part.map(String).join(' ') : valueText(part)])).join(' ');
}
