import type { PlannedCall } from './traffic.ts';

/** A carrier as the authorization names it. */
export interface OfferedCarrier {
  readonly carrierCode: string;
}

const cause = { normal: 16, busy: 17, noAnswer: 19, noCircuit: 34 } as const;

/** An event as a switch adapter tells it. */
export type ToldEvent = Readonly<Record<string, unknown>>;

/** What became of a call, as far as the reconciliation needs to know it. */
export interface PlayedCall {
  readonly events: readonly ToldEvent[];
  readonly answered: boolean;
  readonly durationSec: number;
}

/**
 * Plays a call that was let through: tried over the carriers in their order, answered or not, and cut at the longest
 * duration that was granted, as a switch would.
 */
export function play(call: PlannedCall, switchId: string, carriers: readonly OfferedCarrier[], maxDurationSec: number): PlayedCall {
  const first = carriers.at(0);
  const second = carriers.at(1);
  const hunts = call.firstFails && second !== undefined;
  const carrier = hunts ? second : first;
  const startMs = call.startedAtMs;
  const ringMs = hunts ? 4_200 : 2_700;
  const answered = call.outcome === 'answered' && carrier !== undefined;
  const durationSec = answered ? Math.min(call.talkSec, maxDurationSec) : 0;
  const answeredMs = startMs + ringMs;
  const endedMs = answeredMs + durationSec * 1000;
  const ref = { switchId, callId: call.callId };
  const parties = { ...call.payer, cli: call.cli, calledNumber: call.calledNumber };
  const connected = answered ? { carrierCode: carrier.carrierCode } : {};
  const attempts = [
    ...(hunts && first !== undefined ? [attempt(first, startMs, startMs + 1_500, cause.noCircuit)] : []),
    ...(carrier === undefined ? [] : [attempt(carrier, hunts ? startMs + 1_500 : startMs, endedMs, causeOf(call))]),
  ];
  const started = { type: 'CallStarted', ...ref, ...parties, startedAt: iso(startMs) };
  const answer = { type: 'CallAnswered', ...ref, answeredAt: iso(answeredMs), ...connected };
  const ended = {
    type: 'CallEnded', ...ref, ...parties, startedAt: iso(startMs), endedAt: iso(endedMs), q850Cause: causeOf(call),
    ...(answered ? { answeredAt: iso(answeredMs), ...connected } : {}), attempts,
  };
  return { events: answered ? [started, answer, ended] : [started, ended], answered, durationSec };
}

function causeOf({ outcome }: PlannedCall): number {
  return { answered: cause.normal, busy: cause.busy, no_answer: cause.noAnswer }[outcome];
}

function attempt({ carrierCode }: OfferedCarrier, startedMs: number, endedMs: number, q850Cause: number) {
  return { carrierCode, startedAt: iso(startedMs), endedAt: iso(endedMs), q850Cause };
}

/** Switches tell microseconds; these calls begin at whole milliseconds. */
function iso(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}
