import { defineEntity, p } from '@mikro-orm/core';

/** A rating, for ordinary queries; it is written by `rated-calls/insert.ts` and never changed. */
export const RatedCall = defineEntity({
  name: 'RatedCall',
  tableName: 'rated_call',
  properties: {
    callKey: p.text().primary().fieldName('call_key'),
    revision: p.integer().primary(),
    partyKey: p.text().fieldName('party_key'),
    calledE164: p.text().fieldName('called_e164'),
    startedAtUs: p.bigint('bigint').fieldName('started_at_us'),
    endedAtUs: p.bigint('bigint').fieldName('ended_at_us'),
    durationSec: p.integer().fieldName('duration_sec'),
    carrierCode: p.text().fieldName('carrier_code'),
    sellNanos: p.bigint('bigint').fieldName('sell_nanos'),
    sellCurrency: p.text().fieldName('sell_currency'),
    buyNanos: p.bigint('bigint').fieldName('buy_nanos').nullable(),
    buyCurrency: p.text().fieldName('buy_currency').nullable(),
    ratedAtUs: p.bigint('bigint').fieldName('rated_at_us'),
  },
});
