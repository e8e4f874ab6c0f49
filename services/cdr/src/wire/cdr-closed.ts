import { callKey, type CdrClosedSchema, publicEventOf, publicEvents, type PublicEvent } from '@tollwire/contracts';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CallRecord, Charged, EndedFacts, Money, RatedFacts } from '../domain/call.ts';
import { closedAtUs, closedOf } from '../domain/cdr.ts';

/**
 * What `record` tells the world once it is complete; undefined before that. Its id is made of the end and the rating that
 * stand, whole: the same CDR always has the same id, and one that a correction brings back to what it said before has
 * another, so that nobody who knows events by their ids takes it for a repeat. Of several of one call that with the highest `revision` holds.
 */
export function cdrClosed(record: CallRecord, revision = 0, traceparent?: string): PublicEvent<typeof CdrClosedSchema> | undefined {
  const closed = closedOf(record);
  if (closed === undefined) return undefined;
  const { ended, rated } = closed;
  const atUs = closedAtUs(closed);
  const data = {
    call: record.call,
    charged: partyOf(ended),
    cli: ended.cli,
    calledE164: rated.calledE164,
    startedAtUs: BigInt(ended.startedAtUs),
    answeredAtUs: BigInt(ended.answeredAtUs),
    endedAtUs: BigInt(ended.endedAtUs),
    durationSec: rated.durationSec,
    billedSec: rated.billedSec,
    q850Cause: ended.q850Cause,
    carrierCode: ended.carrierCode,
    ...(rated.sell === undefined ? {} : { sell: moneyOf(rated.sell) }),
    ...(rated.buy === undefined ? {} : { buy: moneyOf(rated.buy) }),
    closedAtUs: BigInt(atUs),
    ...(rated.margin === undefined ? {} : { margin: moneyOf(rated.margin) }),
    revision,
  } satisfies MessageInitShape<typeof CdrClosedSchema>;
  return publicEventOf(publicEvents.CdrClosed, {
    source: 'tollwire/cdr',
    timeUs: atUs,
    parts: [callKey(record.call), shownText(closed), hiddenText(closed)],
    traceparent,
    data,
  });
}

function partyOf({ cardId, accountCode }: Charged) {
  if (cardId !== '') return { party: { case: 'cardId', value: cardId } } as const;
  if (accountCode !== '') return { party: { case: 'accountCode', value: accountCode } } as const;
  return {};
}

/** All that the CDR of a record says, as text; undefined while it is not complete. */
export function closedText(record: CallRecord): string | undefined {
  const closed = closedOf(record);
  return closed === undefined ? undefined : shownText(closed);
}

interface Closed {
  readonly ended: EndedFacts;
  readonly rated: RatedFacts;
}

function shownText(closed: Closed): string {
  const { ended, rated } = closed;
  const numbers = [ended.startedAtUs, ended.answeredAtUs, ended.endedAtUs, ended.q850Cause, rated.durationSec, rated.billedSec, closedAtUs(closed)];
  const texts = [ended.cardId, ended.accountCode, ended.cli, rated.calledE164, ended.carrierCode, moneyText(rated.sell), moneyText(rated.buy)];
  // Ids of what was told before there were margins stay.
  if (rated.margin !== undefined) texts.push(moneyText(rated.margin));
  return `${numbers.join()}\0${texts.join('\0')}`;
}

/** What a closed CDR does not show of the facts that it is made of. */
function hiddenText({ ended, rated }: Closed): string {
  const { channel, calledNumber, attempts, preRatedSell } = ended;
  const tried = attempts.map((attempt) => `${attempt.carrierCode},${attempt.startedAtUs},${attempt.endedAtUs},${attempt.q850Cause}`);
  const course = [rated.startedAtUs, rated.answeredAtUs, rated.endedAtUs, rated.q850Cause, rated.cardId, rated.accountCode, rated.carrierCode];
  const price = [rated.revision, rated.ratedAtUs, rated.preRated, rated.tariffId, rated.voipPlanId, rated.countryPrefixId, rated.sellPrefix, rated.buyRefusal];
  return [channel, calledNumber, ...tried, moneyText(preRatedSell), ...course, ...price].join('\0');
}

function moneyText(money: Money | undefined): string {
  return money === undefined ? '' : `${money.nanos}${money.currency}`;
}

function moneyOf({ nanos, currency }: Money): { nanos: bigint; currency: string } {
  return { nanos, currency };
}
