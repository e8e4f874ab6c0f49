import { batchContentType, encodeEvent, type PublicEvent, publicEventOf, publicEvents } from '@tollwire/contracts';
import type { Destination } from '../world/prices.ts';
import { pick, type Random } from '../world/random.ts';

export const callBodyType = batchContentType;

/** Calls as requests of a fast adapter: three events each, encoded before the clock starts. */
export interface CallBodies {
  readonly bodies: readonly Uint8Array[];
  readonly calls: number;
  readonly events: number;
}

interface Source {
  readonly random: Random;
  readonly runId: string;
  readonly cardIds: readonly string[];
  readonly destinations: readonly Destination[];
  readonly carrierCodes: readonly string[];
}

/**
 * Makes the bodies for `calls` calls. The three events of a call are in three different requests, as they would be in
 * life: a call's end comes two requests after its start.
 */
export function callBodies(source: Source, calls: number, callsPerRequest: number): CallBodies {
  const starts: Uint8Array[][] = [];
  const answers: Uint8Array[][] = [];
  const ends: Uint8Array[][] = [];
  for (let at = 0; at < calls; at += 1) {
    const group = Math.floor(at / callsPerRequest);
    const [start, answer, end] = eventsOf(source, at).map(encodeEvent);
    (starts[group] ??= []).push(start ?? new Uint8Array());
    (answers[group] ??= []).push(answer ?? new Uint8Array());
    (ends[group] ??= []).push(end ?? new Uint8Array());
  }
  const groups = starts.length;
  const bodies = Array.from({ length: groups + 2 }, (_, at) => Buffer.concat([...(starts[at] ?? []), ...(answers[at - 1] ?? []), ...(ends[at - 2] ?? [])]));
  return { bodies, calls, events: calls * 3 };
}

function eventsOf({ random, runId, cardIds, destinations, carrierCodes }: Source, at: number): PublicEvent[] {
  const startedUs = (Date.now() - 3_600_000) * 1000 + at;
  const answeredUs = startedUs + 2_700_000;
  const endedUs = answeredUs + (1 + Math.floor(random() * 300)) * 1_000_000;
  const call = { switchId: 'bench', callId: `${runId}-${at}`, leg: 0 };
  const charged = { party: { case: 'cardId' as const, value: pick(random, cardIds) } };
  const calledNumber = `${pick(random, destinations).prefix}5551234567`.slice(0, 13);
  const carrierCode = pick(random, carrierCodes);
  const parties = { charged, cli: '436641234567', calledNumber };
  const times = { startedAtUs: BigInt(startedUs), answeredAtUs: BigInt(answeredUs), endedAtUs: BigInt(endedUs) };
  const attempts = [{ carrierCode, startedAtUs: times.startedAtUs, endedAtUs: times.endedAtUs, q850Cause: 16 }];
  const tell = { source: 'switch/bench' };
  const parts = [call.switchId, call.callId, '0'];
  return [
    publicEventOf(publicEvents.CallStarted, { ...tell, parts, timeUs: startedUs, data: { call, ...parties, startedAtUs: times.startedAtUs, channel: 'SIP/bench' } }),
    publicEventOf(publicEvents.CallAnswered, { ...tell, parts, timeUs: answeredUs, data: { call, answeredAtUs: times.answeredAtUs, carrierCode } }),
    publicEventOf(publicEvents.CallEnded, { ...tell, parts, timeUs: endedUs, data: { call, ...parties, ...times, q850Cause: 16, carrierCode, attempts, channel: 'SIP/bench' } }),
  ];
}
