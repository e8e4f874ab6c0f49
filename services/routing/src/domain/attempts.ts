import { callingCodeOf, effectiveCauses, normalizeE164 } from '@tollwire/telecom';

/** A call that is over, as its switch told it; instants in µs, 0: did not happen. */
export interface EndedCall {
  readonly calledNumber: string;
  readonly startedAtUs: number;
  readonly answeredAtUs: number;
  readonly endedAtUs: number;
  readonly q850Cause: number;
  /** The carrier that connected it; empty where none did, or none was told. */
  readonly carrierCode: string;
  readonly attempts: readonly ToldAttempt[];
  /** When the called side rang; undefined: not told. */
  readonly ringingAtUs: number | undefined;
}

export interface ToldAttempt {
  readonly carrierCode: string;
  readonly startedAtUs: number;
  readonly endedAtUs: number;
  readonly q850Cause: number;
}

/** What a call says of one carrier that it was tried over. */
export interface CarrierOutcome {
  readonly carrierCode: string;
  /** The country code of the called number; empty where it cannot be read. */
  readonly destination: string;
  readonly endedAtUs: number;
  readonly isAnswered: boolean;
  /** Answered, or not by what the user did (ITU-T E.425). */
  readonly isEffective: boolean;
  readonly talkUs: number;
  /** From the attempt to ringing; undefined where that is not known. */
  readonly pddUs: number | undefined;
}

const isUsersDoing: ReadonlySet<number> = new Set(effectiveCauses);

/**
 * What a call that is over says of its carriers, one outcome for each attempt. A call without attempts is one attempt over the
 * carrier that it names. Only the attempt that was answered, or the last one,
 * can have rung: those before it failed.
 */
export function outcomesOf(call: EndedCall): CarrierOutcome[] {
  const { answeredAtUs, carrierCode, startedAtUs, endedAtUs, q850Cause } = call;
  const isAnswered = answeredAtUs !== 0;
  const named = call.attempts.filter((attempt) => attempt.carrierCode !== '');
  const connecting = isAnswered ? named.findLastIndex((attempt) => attempt.carrierCode === carrierCode) : -1;
  const isUntold = connecting < 0 && carrierCode !== '' && (isAnswered || named.length === 0);
  const tried = isUntold ? [...named, { carrierCode, startedAtUs, endedAtUs, q850Cause }] : named;
  const connected = isUntold && isAnswered ? tried.length - 1 : connecting;
  const destination = destinationOf(call.calledNumber);
  return tried.map((attempt, at) => outcomeOf(attempt, call, { destination, isAnswered: at === connected, canHaveRung: at === (isAnswered ? connected : tried.length - 1) }));
}

interface Seen {
  readonly destination: string;
  readonly isAnswered: boolean;
  readonly canHaveRung: boolean;
}

function outcomeOf(attempt: ToldAttempt, call: EndedCall, { destination, isAnswered, canHaveRung }: Seen): CarrierOutcome {
  const { carrierCode, q850Cause } = attempt;
  const beganUs = attempt.startedAtUs || call.startedAtUs;
  const { ringingAtUs } = call;
  const hasRung = canHaveRung && ringingAtUs !== undefined && ringingAtUs >= beganUs;
  return {
    carrierCode, destination, isAnswered,
    endedAtUs: isAnswered ? call.endedAtUs : attempt.endedAtUs || call.endedAtUs,
    isEffective: isAnswered || isUsersDoing.has(q850Cause),
    talkUs: isAnswered ? Math.max(0, call.endedAtUs - call.answeredAtUs) : 0,
    pddUs: hasRung ? ringingAtUs - beganUs : undefined,
  };
}

function destinationOf(calledNumber: string): string {
  const e164 = normalizeE164(calledNumber);
  return e164.ok ? callingCodeOf(e164.value) : '';
}
