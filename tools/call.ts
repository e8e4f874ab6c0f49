import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { argumentsOf } from './cli/arguments.ts';
import { paint } from './cli/paint.ts';
import { Misuse, Stop } from './cli/stop.ts';
import { type Api, ApiProblem } from './client/api.ts';
import { runningApi } from './client/connect.ts';
import { explainedCall, explainPath, explanationOf, unratedCall } from './call/explained.ts';
import { refusedCalls } from './call/refused.ts';
import { tell } from './cli/told.ts';
import { explain, explanationText } from './demo/explain.ts';
import { authorization } from './demo/drive.ts';
import { play } from './demo/script.ts';

export const summary = 'makes one call: authorizes it, tells its events, and explains its record';

export const help = `
./tollwire call NUMBER (--card ID | --account CODE) [--duration SECONDS] [--routing-number NUMBER] [--json]
./tollwire call explain SWITCH/CALL[/LEG] [--json]
./tollwire call refused [--card ID | --account CODE] [--code CODE] [--from INSTANT] [--until INSTANT] [--cursor CURSOR] [--json]

Goes the whole way of a call through the public API; or explains a call that was: the route that was decided for it, with
the carriers that were out and the deck versions, and how it was priced; of a call that is not rated yet, the route; of one that
was refused within the last week, what was decided and why. refused lists those calls, the latest first, a hundred at a time.

The call is over when it is told of, so it is authorized as one that began DURATION and 10 seconds ago: a ban, a deck or a policy that was put
in force since then does not count for it yet.

  --card ID, --account CODE   who pays
  --duration SECONDS          how long they would talk (default 65); cut at what the credit allows
  --routing-number NUMBER     what number portability answered: carriers are found and paid by it
  --code CODE                 why they were refused, such as no_route or insufficient_credit
  --from, --until INSTANT     when; ISO 8601 with an offset, such as 2026-06-01T00:00:00Z
`;

const switchId = 'cli';
const anything = z.object({});
const options = {
  card: { type: 'string' }, account: { type: 'string' }, duration: { type: 'string', default: '65' }, 'routing-number': { type: 'string' }, json: { type: 'boolean' },
  code: { type: 'string' }, from: { type: 'string' }, until: { type: 'string' }, cursor: { type: 'string' },
} as const;

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = argumentsOf(args, options, { explain: 1, refused: 0, '*': 0 });
  const [calledNumber, explainedKey] = positionals;
  if (calledNumber === 'explain') return await explainKept(explainedKey, values.json === true);
  if (calledNumber === 'refused') {
    tell(await refusedCalls(runningApi(), values), values.json);
    return 0;
  }
  const payer = values.card !== undefined ? { cardId: values.card } : values.account !== undefined ? { accountCode: values.account } : undefined;
  if (calledNumber === undefined || payer === undefined) throw new Misuse('Say who calls whom: ./tollwire call +436641234567 --account CODE (./tollwire seed names some) or --card ID.');
  const talkSec = Number(values.duration);
  if (!Number.isInteger(talkSec) || talkSec < 1) throw new Misuse(`--duration takes whole seconds, not "${values.duration}".`);
  const api = runningApi();
  // Its events are told at once, and none of them may lie ahead: the call has begun so long ago that it is over by now.
  const startedAtMs = Date.now() - (talkSec + 10) * 1000;
  const call = { callId: randomUUID(), payer, cli: '+43000000', calledNumber, startedAtMs, outcome: 'answered', talkSec, firstFails: false } as const;
  const ported = values['routing-number'] === undefined ? {} : { routingNumber: values['routing-number'] };
  const at = new Date(startedAtMs).toISOString();
  const key = `${switchId}/${call.callId}`;
  const asOf = `The call ${key} was authorized as one that began at ${at}; what was put in force since then does not count for it yet.`;
  const answer = await api.post('/v1/calls/authorize', { switchId, callId: call.callId, ...payer, cli: call.cli, calledNumber, ...ported, at }, authorization);
  if (!answer.allowed) {
    tell({ json: { ...answer, call: key, at }, lines: [[paint('red', answer.refusal.code), answer.refusal.detail].filter(Boolean).join(': '), asOf] }, values.json);
    return 1;
  }
  await api.post('/v1/calls/events', { events: play(call, switchId, answer.carriers, answer.maxDurationSec).events }, anything);
  try {
    await untilClosed(api, call.callId);
    const explanation = await explain(api, switchId, { call, answer });
    tell({ json: { answer, ...explanation, call: key, at }, lines: [explanationText({ ...explanation, callId: key }), asOf] }, values.json);
  } catch (error) {
    // A switch's key makes calls, and may not look at them afterwards: the call was made all the same.
    if (!(error instanceof ApiProblem && error.status === 403)) throw error;
    tell({ json: { answer, call: key, at }, lines: [...madeUnseen(key, answer), asOf] }, values.json);
  }
  return 0;
}

/** A call that was made with a key that may not look at its record. */
function madeUnseen(key: string, { maxDurationSec, carriers }: Extract<z.infer<typeof authorization>, { allowed: true }>): string[] {
  const over = carriers.map(({ carrierCode }) => carrierCode).join(', ');
  return [
    `The call ${key} was let through for ${maxDurationSec} s over ${over}, and its events were taken.`,
    `This key may not look at its record; with an operator's key, ./tollwire call explain ${key} does.`,
  ];
}

async function explainKept(key: string | undefined, asJson: boolean): Promise<number> {
  const path = explainPath(key);
  const api = runningApi();
  try {
    const explained = await api.get(path, explainedCall);
    tell({ json: explained, lines: [explanationText(explanationOf(key ?? '', explained))] }, asJson);
  } catch (error) {
    if (!(error instanceof ApiProblem && error.code === 'call_not_rated')) throw error;
    tell(await unratedCall(api, key ?? '', error), asJson);
  }
  return 0;
}

const record = z.object({ status: z.string() });

async function untilClosed(api: Api, callId: string): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    try {
      if ((await api.get(`/v1/calls/${switchId}/${callId}`, record)).status === 'closed') return;
    } catch (error) {
      if (!(error instanceof ApiProblem && error.status === 404)) throw error;
    }
    await delay(50);
  }
  throw new Stop('The call is not closed after 15 s; ./tollwire status and GET /v1/dead-letters/rating tell why.');
}
