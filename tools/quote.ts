import { z } from 'zod';
import { argumentsOf } from './cli/arguments.ts';
import { Misuse } from './cli/stop.ts';
import { runningApi } from './client/connect.ts';
import { planOption } from './client/plan-option.ts';

export const summary = 'says what a call would cost, and how that comes about';

export const help = `
./tollwire quote NUMBER [--tariff ID | --plan ID | --card ID | --account CODE] [--duration SECONDS] [--at INSTANT]
                 [--known-at INSTANT] [--switch SWITCH [--trunk TRUNK]] [--json]

Asks the live rating engine: what it answers is what a call would be charged.

  --tariff ID, --plan ID   by which tariff or VoIP plan (default: the tariff of ./tollwire seed)
  --card ID, --account CODE  by the plan, and the pulses, of who pays
  --duration SECONDS       how long the conversation is (default 60)
  --at INSTANT             when, as ISO 8601 with an offset (default: now)
  --switch, --trunk        reads the number as it is dialled there (./tollwire numbers)
  --known-at INSTANT       by the rates as they were known then, without what was put in force or taken back later
`;

const reply = z.looseObject({ sell: z.looseObject({ amount: z.object({ amount: z.string(), currency: z.string() }) }), steps: z.array(z.string()) });

const options = {
  tariff: { type: 'string' }, plan: { type: 'string' }, card: { type: 'string' }, account: { type: 'string' },
  switch: { type: 'string' }, trunk: { type: 'string' }, duration: { type: 'string', default: '60' }, at: { type: 'string' }, 'known-at': { type: 'string' }, json: { type: 'boolean' },
} as const;

export async function run(args: readonly string[]): Promise<void> {
  const { values, positionals } = argumentsOf(args, options, 1);
  const [calledNumber] = positionals;
  if (calledNumber === undefined) throw new Misuse('Say which number: ./tollwire quote +436641234567');
  const durationSec = Number(values.duration);
  if (!Number.isInteger(durationSec) || durationSec < 0) throw new Misuse(`--duration takes whole seconds, not "${values.duration}".`);
  const payer = values.card !== undefined || values.account !== undefined;
  const plan = payer && values.tariff === undefined && values.plan === undefined ? {} : planOption(values);
  const body = { calledNumber, switchId: values.switch, trunk: values.trunk, durationSec, ...plan, cardId: values.card, accountCode: values.account, at: values.at, knownAt: values['known-at'] };
  const quoted = await runningApi().post('/v1/quotes', body, reply);
  if (values.json === true) process.stdout.write(`${JSON.stringify(quoted)}\n`);
  else process.stdout.write(`${quoted.sell.amount.amount} ${quoted.sell.amount.currency}\n${quoted.steps.map((step) => `  ${step}\n`).join('')}`);
}
