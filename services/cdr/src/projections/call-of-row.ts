import { type InstantUs, instantUs } from '@tollwire/core';
import { nanos } from '@tollwire/telecom';
import {
  type AnsweredFacts,
  type CallId,
  type CallRecord,
  type CourseFacts,
  type EndedFacts,
  type Money,
  type PriceFacts,
  type RatedFacts,
  type StartedFacts,
  told,
} from '../domain/call.ts';
import type { CallRow } from './call-row.ts';

/** The record that a row was made of: `rowOf` undone, exactly. */
export function recordOf(call: CallId, row: CallRow): CallRecord {
  const shown = shownOf(row);
  const { underlay } = row;
  return {
    call,
    ...(row.told & told.started ? { started: underlay?.started ?? startedOf(shown) } : {}),
    ...(row.told & told.ringing ? { ringing: { ringingAtUs: instantOf(row.ringing_at_us) } } : {}),
    ...(row.told & told.answered ? { answered: underlay?.answered ?? answeredOf(shown) } : {}),
    ...(row.told & told.ended ? { ended: endedOf(shown, row) } : {}),
    ...(row.told & told.rated ? { rated: ratedOf(underlay?.course ?? courseOf(shown), row) } : {}),
    ...(underlay?.abandoned === undefined ? {} : { abandoned: underlay.abandoned }),
    conflicts: row.conflicts,
  };
}

type Shown = StartedFacts & CourseFacts & AnsweredFacts;

function shownOf(row: CallRow): Shown {
  return {
    cardId: row.cardid ?? '',
    accountCode: row.account_code ?? '',
    cli: row.cli,
    calledNumber: row.callednumber,
    channel: row.channel,
    startedAtUs: instantOf(row.started_at_us),
    answeredAtUs: instantOf(row.answered_at_us),
    endedAtUs: instantOf(row.ended_at_us),
    q850Cause: row.q850_cause ?? 0,
    carrierCode: row.carrier_code,
  };
}

/** Null is 0; a column that a telling needs is never null where `told` names that telling. */
function instantOf(us: bigint | null): InstantUs {
  return instantUs(Number(us ?? 0n));
}

function startedOf({ cardId, accountCode, cli, calledNumber, channel, startedAtUs }: Shown): StartedFacts {
  return { cardId, accountCode, cli, calledNumber, channel, startedAtUs };
}

function answeredOf({ answeredAtUs, carrierCode }: Shown): AnsweredFacts {
  return { answeredAtUs, carrierCode };
}

function courseOf({ cardId, accountCode, startedAtUs, answeredAtUs, endedAtUs, q850Cause, carrierCode }: Shown): CourseFacts {
  return { cardId, accountCode, startedAtUs, answeredAtUs, endedAtUs, q850Cause, carrierCode };
}

function endedOf(shown: Shown, { attempts, underlay }: CallRow): EndedFacts {
  const preRated = underlay?.preRatedSell;
  return {
    ...shown,
    attempts: attempts ?? [],
    preRatedSell: preRated === undefined ? undefined : { nanos: nanos(BigInt(preRated.nanos)), currency: preRated.currency },
  };
}

function ratedOf(course: CourseFacts, row: CallRow): RatedFacts {
  const price: PriceFacts = {
    calledE164: row.called_e164 ?? '',
    sellPrefix: row.sell_prefix ?? '',
    countryPrefixId: row.countryprefixid ?? 0,
    tariffId: row.tariffid ?? 0,
    voipPlanId: row.voip_plan_id ?? 0,
    durationSec: row.duration_sec ?? 0,
    billedSec: row.pulsetime ?? 0,
    sell: moneyOf(row.sell_nanos, row.currency),
    buy: moneyOf(row.buy_nanos, row.buy_currency),
    buyRefusal: row.buy_refusal ?? '',
    margin: moneyOf(row.margin_nanos, row.currency),
    preRated: row.pre_rated ?? false,
    ratedAtUs: instantOf(row.rated_at_us),
    revision: row.revision ?? 0,
  };
  return { ...course, ...price };
}

function moneyOf(amount: bigint | null, currency: string | null): Money | undefined {
  return amount === null || currency === null ? undefined : { nanos: nanos(amount), currency };
}
