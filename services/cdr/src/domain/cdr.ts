import type { InstantUs } from '@tollwire/core';
import { present } from '@tollwire/core';
import {
  type AbandonReason,
  type Attempt,
  type CallId,
  type CallRecord,
  type Charged,
  type CourseFacts,
  type EndedFacts,
  type InstantOrZero,
  type PriceFacts,
  type RatedFacts,
} from './call.ts';

export type CallStatus = 'started' | 'ringing' | 'answered' | 'ended' | 'closed' | 'abandoned';

/** What is odd about a CDR; `unassigned` (an account code nobody has opened) is told on reading, because it can be mended later. */
export type CallFlag = 'no_start' | 'no_end' | 'late_end' | 'answer_contradicted' | 'conflict';

/** The call detail record: what all that was told of a call amounts to. */
export interface Cdr extends Charged {
  readonly call: CallId;
  readonly status: CallStatus;
  readonly flags: readonly CallFlag[];
  readonly cli: string;
  readonly calledNumber: string;
  readonly channel: string;
  readonly startedAtUs: InstantUs;
  readonly ringingAtUs: InstantOrZero;
  readonly answeredAtUs: InstantOrZero;
  readonly endedAtUs: InstantOrZero;
  readonly q850Cause: number;
  readonly carrierCode: string;
  readonly attempts: readonly Attempt[];
  /** Whole seconds between the end of the connected carrier's attempt and the end of the call. */
  readonly stopDelaySec: number;
  readonly price: PriceFacts | undefined;
}

/**
 * The CDR of a record of which at least one event was told. An end is self-contained and wins wholly over what a start
 * or an answer said; without one, a rating tells the course of the call, then answer and start. Where no start is known
 * the earliest sign of the call stands for it, flagged `no_start`. A rule that closed the call counts only while there is
 * neither an end nor a rating.
 */
export function cdrOf(record: CallRecord): Cdr {
  const { started, ringing, answered, ended, rated } = record;
  const course: CourseFacts | undefined = ended ?? rated;
  const begun = ended ?? started;
  const charged: Charged | undefined = course ?? started;
  return {
    call: record.call,
    status: statusOf(record),
    flags: flagsOf(record),
    cardId: charged?.cardId ?? '',
    accountCode: charged?.accountCode ?? '',
    cli: begun?.cli ?? '',
    calledNumber: begun?.calledNumber ?? '',
    channel: begun?.channel ?? '',
    startedAtUs: present(course?.startedAtUs ?? startedAtOf(record), 'an event of the call'),
    ringingAtUs: ringing?.ringingAtUs ?? 0,
    answeredAtUs: course?.answeredAtUs ?? answered?.answeredAtUs ?? 0,
    endedAtUs: course?.endedAtUs ?? 0,
    q850Cause: course?.q850Cause ?? abandonedCauseOf(record),
    carrierCode: course?.carrierCode ?? answered?.carrierCode ?? '',
    attempts: ended?.attempts ?? [],
    stopDelaySec: ended === undefined ? 0 : stopDelaySec(ended),
    price: rated,
  };
}

/** Where no start was told, the earliest sign of the call stands for it. */
function startedAtOf({ started, ringing, answered, abandoned }: CallRecord): InstantUs | undefined {
  return started?.startedAtUs ?? ringing?.ringingAtUs ?? answered?.answeredAtUs ?? abandoned?.abandonedAtUs;
}

/** ITU-T Q.850: recovery on timer expiry where a rule's time ran out, temporary failure where the switch was gone. */
const abandonedCause: Readonly<Record<AbandonReason, number>> = { silence: 102, max_duration: 102, switch_restarted: 41 };

function abandonedCauseOf({ abandoned }: CallRecord): number {
  return abandoned === undefined ? 0 : abandonedCause[abandoned.reason];
}

/** The rule by which the call is closed; undefined where none did, and where an end or a rating came after all. */
export function abandonmentOf({ ended, rated, abandoned }: CallRecord): AbandonReason | undefined {
  return ended === undefined && rated === undefined ? abandoned?.reason : undefined;
}

function statusOf({ ringing, answered, ended, rated, abandoned }: CallRecord): CallStatus {
  if (ended !== undefined && rated !== undefined) return 'closed';
  if (ended !== undefined || rated !== undefined) return 'ended';
  if (abandoned !== undefined) return 'abandoned';
  if (answered !== undefined) return 'answered';
  return ringing === undefined ? 'started' : 'ringing';
}

function flagsOf({ started, answered, ended, rated, abandoned, conflicts }: CallRecord): CallFlag[] {
  const flags: CallFlag[] = [];
  if (started === undefined) flags.push('no_start');
  if (ended === undefined && (rated !== undefined || abandoned !== undefined)) flags.push('no_end');
  if (ended !== undefined && abandoned !== undefined) flags.push('late_end');
  // The end wins, so the call is free: most often a switch that left the answer out of its end.
  if (answered !== undefined && ended?.answeredAtUs === 0) flags.push('answer_contradicted');
  if (conflicts !== 0) flags.push('conflict');
  return flags;
}

function stopDelaySec({ answeredAtUs, endedAtUs, attempts }: EndedFacts): number {
  if (answeredAtUs === 0) return 0;
  const releasedAtUs = Math.max(0, ...attempts.map((attempt) => attempt.endedAtUs));
  return releasedAtUs === 0 ? 0 : Math.max(0, Math.floor((endedAtUs - releasedAtUs) / 1_000_000));
}

/** What closes a call: its end and its rating. Undefined while one of them is missing. */
export function closedOf({ ended, rated }: CallRecord): { ended: EndedFacts; rated: RatedFacts } | undefined {
  return ended === undefined || rated === undefined ? undefined : { ended, rated };
}

/** When a closed call became complete: made of what was told, so that a rebuild gives the same instant. */
export function closedAtUs({ ended, rated }: { ended: EndedFacts; rated: RatedFacts }): InstantUs {
  return rated.ratedAtUs > ended.endedAtUs ? rated.ratedAtUs : ended.endedAtUs;
}
