import { q850Cause } from '@tollwire/telecom';
import {
  type AbandonedFacts,
  type AnsweredFacts,
  type CallRecord,
  type CourseFacts,
  type EndedFacts,
  type InstantOrZero,
  type Money,
  type StartedFacts,
  told,
} from '../domain/call.ts';
import { type Cdr, cdrOf } from '../domain/cdr.ts';

/**
 * What a row of `call` holds beside its key, in the form in which the driver sends and answers it. Null is what is not
 * known or did not happen. What PostgreSQL derives (starttime, stoptime, sessiontime, startdelay, sessionbill) is not here.
 */
export interface CallRow {
  readonly started_at_us: bigint;
  readonly ringing_at_us: bigint | null;
  readonly answered_at_us: bigint | null;
  readonly ended_at_us: bigint | null;
  readonly rated_at_us: bigint | null;
  readonly sell_nanos: bigint | null;
  readonly buy_nanos: bigint | null;
  readonly q850_cause: number | null;
  readonly pulsetime: number | null;
  readonly duration_sec: number | null;
  readonly stopdelay: number;
  readonly countryprefixid: number | null;
  readonly tariffid: number | null;
  readonly voip_plan_id: number | null;
  readonly revision: number | null;
  readonly told: number;
  readonly conflicts: number;
  readonly pre_rated: boolean | null;
  readonly status: Cdr['status'];
  readonly flags: readonly Cdr['flags'][number][];
  readonly cardid: string | null;
  readonly account_code: string | null;
  readonly callednumber: string;
  readonly called_e164: string | null;
  readonly cli: string;
  readonly carrier_code: string;
  readonly terminatecause: string | null;
  readonly currency: string | null;
  readonly buy_currency: string | null;
  /** In the currency of the sell price. */
  readonly margin_nanos: bigint | null;
  readonly buy_refusal: string | null;
  readonly sell_prefix: string | null;
  readonly channel: string;
  readonly attempts: EndedFacts['attempts'] | null;
  readonly underlay: Underlay | null;
}

/**
 * What was told but cannot be read off the other columns: a start, an answer or a rating whose words differ from the
 * end that won over them, the rule that closed the call, and a price that the sender had set. Null for nearly every call.
 */
export interface Underlay {
  readonly started?: StartedFacts;
  readonly answered?: AnsweredFacts;
  readonly course?: CourseFacts;
  readonly abandoned?: AbandonedFacts;
  readonly preRatedSell?: { readonly nanos: string; readonly currency: string };
}

/** The row of a record. `recordOf` undoes it exactly. */
export function rowOf(record: CallRecord): CallRow {
  const cdr = cdrOf(record);
  const { price } = cdr;
  const isOver = cdr.endedAtUs !== 0 || cdr.status === 'abandoned';
  return {
    started_at_us: BigInt(cdr.startedAtUs),
    ringing_at_us: usOrNull(cdr.ringingAtUs),
    answered_at_us: usOrNull(cdr.answeredAtUs),
    ended_at_us: usOrNull(cdr.endedAtUs),
    rated_at_us: price === undefined ? null : BigInt(price.ratedAtUs),
    sell_nanos: price?.sell?.nanos ?? null,
    buy_nanos: price?.buy?.nanos ?? null,
    q850_cause: isOver ? cdr.q850Cause : null,
    pulsetime: price?.billedSec ?? null,
    duration_sec: price?.durationSec ?? null,
    stopdelay: cdr.stopDelaySec,
    countryprefixid: price?.countryPrefixId || null,
    tariffid: price?.tariffId || null,
    voip_plan_id: price?.voipPlanId || null,
    revision: price?.revision ?? null,
    told: toldOf(record),
    conflicts: record.conflicts,
    pre_rated: price?.preRated ?? null,
    status: cdr.status,
    flags: cdr.flags,
    cardid: cdr.cardId || null,
    account_code: cdr.accountCode || null,
    callednumber: cdr.calledNumber,
    called_e164: price?.calledE164 ?? null,
    cli: cdr.cli,
    carrier_code: cdr.carrierCode,
    terminatecause: isOver ? terminateCauseOf(cdr.q850Cause) : null,
    currency: price?.sell?.currency ?? null,
    buy_currency: price?.buy?.currency ?? null,
    margin_nanos: price?.margin?.nanos ?? null,
    buy_refusal: price?.buyRefusal || null,
    sell_prefix: price?.sellPrefix ?? null,
    channel: cdr.channel,
    attempts: cdr.attempts.length === 0 ? null : cdr.attempts,
    underlay: underlayOf(record, cdr),
  };
}

/** The name by which switches call a cause; a code that is in no table keeps its number. */
function terminateCauseOf(code: number): string {
  return q850Cause(code)?.enumeration ?? `CAUSE_${code}`;
}

function usOrNull(us: InstantOrZero): bigint | null {
  return us === 0 ? null : BigInt(us);
}

function toldOf({ started, ringing, answered, ended, rated, abandoned }: CallRecord): number {
  return (
    (started === undefined ? 0 : told.started) |
    (answered === undefined ? 0 : told.answered) |
    (ended === undefined ? 0 : told.ended) |
    (rated === undefined ? 0 : told.rated) |
    (ringing === undefined ? 0 : told.ringing) |
    (abandoned === undefined ? 0 : told.abandoned)
  );
}

function underlayOf({ started, answered, ended, rated, abandoned }: CallRecord, cdr: Cdr): Underlay | null {
  const underlay = {
    ...(started === undefined || isShown(startedFields, started, cdr) ? {} : { started }),
    ...(answered === undefined || isShown(answeredFields, answered, cdr) ? {} : { answered }),
    ...(rated === undefined || isShown(courseFields, rated, cdr) ? {} : { course: courseOf(rated) }),
    ...(abandoned === undefined ? {} : { abandoned }),
    ...(ended?.preRatedSell === undefined ? {} : { preRatedSell: moneyText(ended.preRatedSell) }),
  };
  return Object.keys(underlay).length === 0 ? null : underlay;
}

const startedFields = ['cardId', 'accountCode', 'cli', 'calledNumber', 'channel', 'startedAtUs'] as const;
const answeredFields = ['answeredAtUs', 'carrierCode'] as const;
const courseFields = ['cardId', 'accountCode', 'startedAtUs', 'answeredAtUs', 'endedAtUs', 'q850Cause', 'carrierCode'] as const;

function isShown<Field extends keyof Cdr>(fields: readonly Field[], facts: Pick<Cdr, Field>, cdr: Cdr): boolean {
  return fields.every((field) => facts[field] === cdr[field]);
}

function courseOf({ cardId, accountCode, startedAtUs, answeredAtUs, endedAtUs, q850Cause, carrierCode }: CourseFacts): CourseFacts {
  return { cardId, accountCode, startedAtUs, answeredAtUs, endedAtUs, q850Cause, carrierCode };
}

function moneyText({ nanos: amount, currency }: Money): { nanos: string; currency: string } {
  return { nanos: amount.toString(), currency };
}
