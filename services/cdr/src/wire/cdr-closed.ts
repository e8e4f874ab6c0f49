import { callKey, type CdrClosedSchema, publicEventOf, publicEvents, type PublicEvent } from '@tollwire/contracts';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CallRecord, Charged, EndedFacts, Money, RatedFacts } from '../domain/call.ts';
import { closedAtUs, closedOf } from '../domain/cdr.ts';

/**
 * What `record` tells the world once it is complete; undefined before that. Its id is made of its content: the same
 * CDR always has the same id, a corrected one another.
 */
export function cdrClosed(record: CallRecord, traceparent?: string): PublicEvent<typeof CdrClosedSchema> | undefined {
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
  } satisfies MessageInitShape<typeof CdrClosedSchema>;
  return publicEventOf(publicEvents.CdrClosed, {
    source: 'tollwire/cdr',
    timeUs: atUs,
    parts: [callKey(record.call), ...partsOf(closed)],
    traceparent,
    data,
  });
}

function partyOf({ cardId, accountCode }: Charged) {
  if (cardId !== '') return { party: { case: 'cardId', value: cardId } } as const;
  if (accountCode !== '') return { party: { case: 'accountCode', value: accountCode } } as const;
  return {};
}

/** All that a closed CDR says, as text. */
function partsOf({ ended, rated }: { ended: EndedFacts; rated: RatedFacts }): string[] {
  const { sell, buy } = rated;
  return [
    ended.cardId,
    ended.accountCode,
    ended.cli,
    rated.calledE164,
    ended.carrierCode,
    `${ended.startedAtUs},${ended.answeredAtUs},${ended.endedAtUs},${ended.q850Cause},${rated.durationSec},${rated.billedSec}`,
    sell === undefined ? '' : `${sell.nanos}${sell.currency}`,
    buy === undefined ? '' : `${buy.nanos}${buy.currency}`,
  ];
}

function moneyOf({ nanos, currency }: Money): { nanos: bigint; currency: string } {
  return { nanos, currency };
}
