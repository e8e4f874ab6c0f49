/** The load generator for authorizations: a process of its own, so that what it does delays no answer. */
import { Agent, request } from 'node:http';
import { z } from 'zod';
import { seeded } from '../world/random.ts';
import { latenciesOf } from './arithmetic.ts';
import { calledNumber, benchSwitch } from './call-bodies.ts';
import { answerParent } from './child.ts';
import { openLoop } from './open-loop.ts';

const destination = z.object({ prefix: z.string(), countryCode: z.string(), subcode: z.string() });
const input = z.object({
  ...{ baseUrl: z.string(), key: z.string(), runId: z.string(), rate: z.number(), seconds: z.number() },
  cardIds: z.array(z.string()).min(1),
  /** One card after the other, where each shall have made a call; else any card at any time. */
  inTurn: z.boolean(),
  destinations: z.array(destination).min(1),
});
const answer = z.object({ allowed: z.boolean(), refusal: z.object({ code: z.string() }).optional() });

/** As many connections as a large switch keeps; more would only queue elsewhere. */
const connections = 256;

answerParent(input, async ({ baseUrl, key, runId, rate, seconds, cardIds, inTurn, destinations }) => {
  const agent = new Agent({ keepAlive: true, maxSockets: connections, scheduling: 'fifo' });
  const random = seeded(11);
  const bodies = Array.from({ length: Math.round(rate * seconds) }, (_, at) => JSON.stringify({
    ...{ switchId: benchSwitch, callId: `${runId}-${at}`, cli: '436641234567', calledNumber: calledNumber(random, destinations) },
    cardId: cardIds[inTurn ? at % cardIds.length : Math.floor(random() * cardIds.length)],
  }));
  const options = { agent, method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' }, timeout: 30_000 };
  const ask = (at: number) => post(`${baseUrl}/v1/calls/authorize`, options, bodies[at] ?? '');
  const before = process.cpuUsage();
  const { latenciesMs, outcomes } = await openLoop(rate, seconds, ask);
  const { user, system } = process.cpuUsage(before);
  agent.destroy();
  return { ...latenciesOf(latenciesMs), outcomes, generatorCpuSec: (user + system) / 1e6 };
});

/** What became of one request, in a word; never rejects, because a failure is a result here. */
function post(url: string, options: Parameters<typeof request>[1], body: string): Promise<string> {
  return new Promise((resolve) => {
    const sent = request(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(response.statusCode === 200 ? wordFor(Buffer.concat(chunks).toString()) : `http ${response.statusCode ?? 0}`));
      response.on('error', () => resolve('broken'));
    });
    sent.on('timeout', () => sent.destroy(new Error('timeout')));
    sent.on('error', (error) => resolve(error.message === 'timeout' ? 'timeout' : 'broken'));
    sent.end(body);
  });
}

function wordFor(text: string): string {
  const { allowed, refusal } = answer.parse(JSON.parse(text));
  return allowed ? 'allowed' : (refusal?.code ?? 'refused');
}
