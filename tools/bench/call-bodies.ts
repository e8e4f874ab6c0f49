import { batchContentType, encodeEvent, type PublicEvent, publicEventOf, publicEvents } from '@tollwire/contracts';
import type { Destination } from '../world/prices.ts';
import { pick, type Random, seeded } from '../world/random.ts';
import type { Seeded } from '../world/seed.ts';

export const callBodyType = batchContentType;
export const benchSwitch = 'bench';

/** Who calls whom in a run of the bench. The same run, cards and world give the same calls. */
export interface CallSource {
  readonly runId: string;
  readonly cardIds: readonly string[];
  readonly plan: { readonly prefixes: readonly Destination[] };
  readonly world: Pick<Seeded['world'], 'carrierCodes'>;
}

/** What is known of a call before it begins. */
export interface CallParties {
  readonly callId: string;
  readonly cardId: string;
  readonly cli: string;
  readonly calledNumber: string;
  readonly carrierCode: string;
  readonly durationSec: number;
}

/** The calls of a run, from all cards to all the world. */
export function callParties({ runId, cardIds, plan, world }: CallSource, calls: number): CallParties[] {
  const random = seeded(7);
  return Array.from({ length: calls }, (_, at) => ({
    callId: `${runId}-${at}`,
    cardId: pick(random, cardIds),
    cli: '436641234567',
    calledNumber: calledNumber(random, plan.prefixes),
    carrierCode: pick(random, world.carrierCodes),
    durationSec: 1 + Math.floor(random() * 300),
  }));
}

/** A number somewhere in the world, 13 digits. */
export function calledNumber(random: Random, destinations: readonly Destination[]): string {
  return `${pick(random, destinations).prefix}5551234567`.slice(0, 13);
}

/**
 * Requests of a fast adapter, encoded before the clock starts. The three events of a call are in three different
 * requests, as they would be in life: its end comes two requests after its start.
 */
export function callBodies(parties: readonly CallParties[], callsPerRequest: number): Uint8Array[] {
  const starts: Uint8Array[][] = [];
  const answers: Uint8Array[][] = [];
  const ends: Uint8Array[][] = [];
  for (const [at, each] of parties.entries()) {
    const group = Math.floor(at / callsPerRequest);
    const [start, answer, end] = eventsOf(each, at);
    (starts[group] ??= []).push(encodeEvent(start));
    (answers[group] ??= []).push(encodeEvent(answer));
    (ends[group] ??= []).push(encodeEvent(end));
  }
  return Array.from({ length: starts.length + 2 }, (_, at) => Buffer.concat([...(starts[at] ?? []), ...(answers[at - 1] ?? []), ...(ends[at - 2] ?? [])]));
}

function eventsOf({ callId, cardId, cli, calledNumber: called, carrierCode, durationSec }: CallParties, at: number): [PublicEvent, PublicEvent, PublicEvent] {
  const startedUs = (Date.now() - 3_600_000) * 1000 + at;
  const answeredUs = startedUs + 2_700_000;
  const endedUs = answeredUs + durationSec * 1_000_000;
  const call = { switchId: benchSwitch, callId, leg: 0 };
  const parties = { charged: { party: { case: 'cardId' as const, value: cardId } }, cli, calledNumber: called };
  const times = { startedAtUs: BigInt(startedUs), answeredAtUs: BigInt(answeredUs), endedAtUs: BigInt(endedUs) };
  const attempts = [{ carrierCode, startedAtUs: times.startedAtUs, endedAtUs: times.endedAtUs, q850Cause: 16 }];
  const tell = { source: `switch/${benchSwitch}`, parts: [benchSwitch, callId, '0'] };
  return [
    publicEventOf(publicEvents.CallStarted, { ...tell, timeUs: startedUs, data: { call, ...parties, startedAtUs: times.startedAtUs, channel: 'SIP/bench' } }),
    publicEventOf(publicEvents.CallAnswered, { ...tell, timeUs: answeredUs, data: { call, answeredAtUs: times.answeredAtUs, carrierCode } }),
    publicEventOf(publicEvents.CallEnded, { ...tell, timeUs: endedUs, data: { call, ...parties, ...times, q850Cause: 16, carrierCode, attempts, channel: 'SIP/bench' } }),
  ];
}
