import { z } from 'zod';
import type { Api } from '../client/api.ts';
import type { Note } from '../cli/progress.ts';
import type { Random } from '../world/random.ts';
import { play, type ToldEvent } from './script.ts';
import type { PlannedCall } from './traffic.ts';

const carrier = z.object({ carrierCode: z.string(), reason: z.string().default(''), number: z.string().default('') });
const excluded = z.object({ carrierCode: z.string(), code: z.string(), reason: z.string().default('') });
export const authorization = z.union([
  z.object({
    allowed: z.literal(true), maxDurationSec: z.number(), validUntil: z.string(), reserved: z.object({ amount: z.string(), currency: z.string() }),
    calledE164: z.string().default(''), routedBy: z.string().default(''), carriers: z.array(carrier), excluded: z.array(excluded),
  }),
  z.object({ allowed: z.literal(false), refusal: z.object({ code: z.string(), detail: z.string().default('') }) }),
]);
export type Allowed = Extract<z.infer<typeof authorization>, { allowed: true }>;

const accepted = z.object({ accepted: z.number(), refused: z.array(z.unknown()).default([]) });

/** One call in full, kept to be explained. */
export interface Sample {
  readonly call: PlannedCall;
  readonly answer: Allowed;
}

/** What the driver knows of its own traffic. The services are measured against this. */
export interface Driven {
  authorized: number;
  readonly refused: Map<string, number>;
  /** Calls that ended, each of which must be one CDR, one rated call and (answered) one charge. */
  ended: number;
  answered: number;
  talkSec: number;
  events: number;
  /** Events that were sent a second time on purpose. */
  repeated: number;
  seconds: number;
  sample: Sample | undefined;
}

/** Requests under way at a time: what a few switches keep open. */
const concurrency = 32;
const eventsPerRequest = 200;

/** Sends calls through the HTTP door: authorizes each, plays those that are let through, and tells what became of them. */
export async function drive(api: Api, switchId: string, calls: Iterable<PlannedCall>, total: number, random: Random, note: Note): Promise<Driven> {
  const driven: Driven = { authorized: 0, refused: new Map(), ended: 0, answered: 0, talkSec: 0, events: 0, repeated: 0, seconds: 0, sample: undefined };
  const startedMs = performance.now();
  const queue: ToldEvent[] = [];
  const remaining = calls[Symbol.iterator]();
  const tell = async (least: number) => {
    while (queue.length >= least && queue.length > 0) await tellEvents(api, queue.splice(0, eventsPerRequest), random, driven);
  };
  const worker = async () => {
    for (let next = remaining.next(); next.done !== true; next = remaining.next()) {
      const events = await oneCall(api, switchId, next.value, driven);
      queue.push(...events);
      note(`${(driven.authorized + refusedOf(driven)).toLocaleString('en')} of ${total.toLocaleString('en')} calls`);
      await tell(eventsPerRequest);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  await tell(1);
  driven.seconds = (performance.now() - startedMs) / 1000;
  return driven;
}

export function refusedOf({ refused }: Driven): number {
  return [...refused.values()].reduce((sum, count) => sum + count, 0);
}

async function oneCall(api: Api, switchId: string, call: PlannedCall, driven: Driven): Promise<readonly ToldEvent[]> {
  const asked = { switchId, callId: call.callId, ...call.payer, cli: call.cli, calledNumber: call.calledNumber, at: new Date(call.startedAtMs).toISOString() };
  const answer = await api.post('/v1/calls/authorize', asked, authorization);
  if (!answer.allowed) {
    driven.refused.set(answer.refusal.code, (driven.refused.get(answer.refusal.code) ?? 0) + 1);
    return [];
  }
  const played = play(call, switchId, answer.carriers, answer.maxDurationSec);
  driven.authorized += 1;
  driven.ended += 1;
  driven.answered += played.answered ? 1 : 0;
  driven.talkSec += played.durationSec;
  if (played.answered && tellsMore(answer, driven.sample?.answer)) driven.sample = { call, answer };
  return played.events;
}

/** A call that was both offered to several carriers and kept from some shows the most. */
function tellsMore(answer: Allowed, known: Allowed | undefined): boolean {
  const worth = (each: Allowed) => Math.min(each.carriers.length, 2) + Math.min(each.excluded.length, 1) * 2;
  return known === undefined || worth(answer) > worth(known);
}

async function tellEvents(api: Api, events: readonly ToldEvent[], random: Random, driven: Driven): Promise<void> {
  // One batch in twenty is sent twice, as a switch does that has not heard the answer.
  const times = random() < 0.05 ? 2 : 1;
  for (let time = 0; time < times; time += 1) {
    const answer = await api.post('/v1/calls/events', { events }, accepted);
    if (answer.refused.length > 0) throw new Error(`The door refused events of the demonstration: ${JSON.stringify(answer.refused[0])}`);
  }
  driven.events += events.length;
  driven.repeated += (times - 1) * events.length;
}
