import { publicEventOf, type PublicEvent } from './public-event.ts';
import { publicEvents, type PublicEventName } from './public-events.ts';

const call = { switchId: 'fs1', callId: '7b5f0c1e-1c1a-4a57-8f4f-1a2b3c4d5e6f', leg: 1 };
const card = { party: { case: 'cardId', value: '0012345678' } } as const;
const account = { party: { case: 'accountCode', value: 'acme-1' } } as const;
const plan = { plan: { case: 'tariffId', value: 7 } } as const;
const startedAtUs = 1_766_000_000_123_456n;
const money = (nanos: bigint) => ({ nanos, currency: 'EUR' });
const deck = { kind: 3 as const, ownerId: 4, version: 2, digest: 'ab12', rateCount: 1_000_000n, chunkCount: 16, currency: 'EUR', carrierCode: 'ACME' };
const side = {
  amount: money(36_000_000n),
  deckDigest: 'ab12',
  prefix: '4420',
  ratePerMinNanos: 12_000_000n,
  initialIncrementSec: 30,
  incrementSec: 6,
  billedSec: 66,
  roundingDecimals: 4,
  roundingMode: 'up',
};
const envelope = {
  source: 'tollwire/sample',
  timeUs: Number(startedAtUs),
  parts: ['sample'],
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
};

/** One event of each public type, fixed: what their bytes are is kept in `golden/`. */
export const sampleEvents: Readonly<Record<PublicEventName, PublicEvent>> = {
  CallStarted: publicEventOf(publicEvents.CallStarted, {
    ...envelope,
    data: { call, charged: card, cli: '4930123456', calledNumber: '00442079460000', startedAtUs, channel: 'sofia/1' },
  }),
  CallRinging: publicEventOf(publicEvents.CallRinging, { ...envelope, data: { call, ringingAtUs: startedAtUs + 2_000_000n } }),
  CallAnswered: publicEventOf(publicEvents.CallAnswered, {
    ...envelope,
    data: { call, answeredAtUs: startedAtUs + 5_000_000n, carrierCode: 'ACME' },
  }),
  CallEnded: publicEventOf(publicEvents.CallEnded, {
    ...envelope,
    data: {
      call,
      charged: account,
      cli: '4930123456',
      calledNumber: '00442079460000',
      startedAtUs,
      answeredAtUs: startedAtUs + 5_000_000n,
      endedAtUs: startedAtUs + 71_000_000n,
      q850Cause: 16,
      carrierCode: 'ACME',
      attempts: [{ carrierCode: 'BETA', startedAtUs, endedAtUs: startedAtUs + 900_000n, q850Cause: 34 }],
      preRatedSell: money(-1n),
      routingNumber: '+442070000000',
    },
  }),
  DeckImported: publicEventOf(publicEvents.DeckImported, { ...envelope, data: { deck, importedAtUs: startedAtUs, by: 'ann' } }),
  DeckActivated: publicEventOf(publicEvents.DeckActivated, { ...envelope, data: { deck, validFromUs: startedAtUs, by: 'ann' } }),
  DeckWithdrawn: publicEventOf(publicEvents.DeckWithdrawn, { ...envelope, data: { deck, withdrawnAtUs: startedAtUs, by: 'ann' } }),
  DeckApproved: publicEventOf(publicEvents.DeckApproved, { ...envelope, data: { deck, approvedAtUs: startedAtUs, by: 'ann', note: 'as agreed' } }),
  DeckRejected: publicEventOf(publicEvents.DeckRejected, { ...envelope, data: { deck, rejectedAtUs: startedAtUs, by: 'ann', note: 'too dear' } }),
  DeckRolledBack: publicEventOf(publicEvents.DeckRolledBack, {
    ...envelope,
    data: { deck, from: { ...deck, version: 3, digest: 'cd34' }, rolledBackAtUs: startedAtUs, by: 'ann', reason: 'wrong currency', activation: 4 },
  }),
  ProviderRegistered: publicEventOf(publicEvents.ProviderRegistered, { ...envelope, data: { providerId: 3, carrierCode: 'NORTH', name: 'Nordlys Größe' } }),
  ProviderRatesLoaded: publicEventOf(publicEvents.ProviderRatesLoaded, {
    ...envelope,
    data: { carrierCode: 'NORTH', currency: 'EUR', prefix: ['43', '49151'], ratePerMinNanos: [12_000_000n, 0n], validFromUs: startedAtUs, by: 'ann' },
  }),
  ProviderRatesWithdrawn: publicEventOf(publicEvents.ProviderRatesWithdrawn, {
    ...envelope,
    data: { carrierCode: 'NORTH', prefix: ['43', '49151'], validUntilUs: startedAtUs, by: 'ann' },
  }),
  VoipPlanComposed: publicEventOf(publicEvents.VoipPlanComposed, {
    ...envelope,
    data: {
      voipPlanId: 9,
      revision: 3,
      name: 'Größe S',
      retailPlanIds: [1, 2],
      carrierPlanIds: [3],
      banPrefixes: [{ prefix: '53', banPlanId: 1 }],
    },
  }),
  SellTermsSet: publicEventOf(publicEvents.SellTermsSet, {
    ...envelope,
    data: { plan, revision: 1, currency: 'EUR', roundingDecimals: 4, roundingMode: 1 },
  }),
  ExchangeRateSet: publicEventOf(publicEvents.ExchangeRateSet, {
    ...envelope,
    data: { base: 'EUR', quote: 'USD', revision: 2, numerator: 10_842n, decimals: 4, validFromUs: startedAtUs, source: 'ECB', by: 'ann', recordedAtUs: startedAtUs + 54_000_000_000n },
  }),
  CallRated: publicEventOf(publicEvents.CallRated, {
    ...envelope,
    data: {
      call,
      charged: card,
      plan,
      calledE164: '442079460000',
      startedAtUs,
      answeredAtUs: startedAtUs + 5_000_000n,
      endedAtUs: startedAtUs + 71_000_000n,
      q850Cause: 16,
      durationSec: 66,
      sell: side,
      buy: { ...side, amount: money(9_900_000n) },
      carrierCode: 'ACME',
      ratedAtUs: startedAtUs + 72_000_000n,
      revision: 1,
      margin: {
        amount: money(-1_500_000n),
        buy: money(9_900_000n),
        exchange: [{ base: 'EUR', quote: 'USD', numerator: 10_842n, decimals: 4, validFromUs: startedAtUs - 1n, source: 'ECB', isInverse: true }],
      },
      routedBy: '442070000000',
    },
  }),
  CardsIssued: publicEventOf(publicEvents.CardsIssued, {
    ...envelope,
    data: {
      batchId: 'b-1',
      cardTypeId: 1,
      plan,
      resellerId: 2,
      cardIds: ['0012345678', '0012345679'],
      creditEach: money(5_000_000_000n),
      issuedAtUs: startedAtUs,
    },
  }),
  CardActivated: publicEventOf(publicEvents.CardActivated, {
    ...envelope,
    data: { cardId: '0012345678', resellerId: 2, activatedAtUs: startedAtUs },
  }),
  CardDeactivated: publicEventOf(publicEvents.CardDeactivated, {
    ...envelope,
    data: { cardId: '0012345678', deactivatedAtUs: startedAtUs },
  }),
  CardFirstUsed: publicEventOf(publicEvents.CardFirstUsed, {
    ...envelope,
    data: { cardId: '0012345678', firstUsedAtUs: startedAtUs, expiresAtUs: startedAtUs },
  }),
  CardExtended: publicEventOf(publicEvents.CardExtended, {
    ...envelope,
    data: { cardId: '0012345678', extendedAtUs: startedAtUs, expiresAtUs: startedAtUs },
  }),
  CardSuspended: publicEventOf(publicEvents.CardSuspended, {
    ...envelope,
    data: { cardId: '0012345678', reason: 'unpaid', suspendedAtUs: startedAtUs },
  }),
  CardResumed: publicEventOf(publicEvents.CardResumed, { ...envelope, data: { cardId: '0012345678', resumedAtUs: startedAtUs } }),
  CliBound: publicEventOf(publicEvents.CliBound, { ...envelope, data: { cardId: '0012345678', cli: '436641234567', boundAtUs: startedAtUs } }),
  CliUnbound: publicEventOf(publicEvents.CliUnbound, { ...envelope, data: { cardId: '0012345678', cli: '436641234567', unboundAtUs: startedAtUs } }),
  AccountOpened: publicEventOf(publicEvents.AccountOpened, {
    ...envelope,
    data: { customerId: 'c-1', accountCodes: ['acme-1'], plan, currency: 'EUR', postpaid: true, openedAtUs: startedAtUs },
  }),
  CreditReserved: publicEventOf(publicEvents.CreditReserved, {
    ...envelope,
    data: {
      reservationId: 'r-1',
      call,
      charged: card,
      amount: money(120_000_000n),
      maxDurationSec: 600,
      reservedAtUs: startedAtUs,
      validUntilUs: startedAtUs + 60_000_000n,
    },
  }),
  CardDebited: publicEventOf(publicEvents.CardDebited, {
    ...envelope,
    data: {
      call,
      charged: card,
      amount: money(36_000_000n),
      aboveReservation: money(0n),
      transferId: 't-1',
      revision: 1,
      debitedAtUs: startedAtUs,
    },
  }),
  ReservationExpired: publicEventOf(publicEvents.ReservationExpired, {
    ...envelope,
    data: { reservationId: 'r-1', call, charged: card, amount: money(120_000_000n), expiredAtUs: startedAtUs },
  }),
  PaymentReceived: publicEventOf(publicEvents.PaymentReceived, {
    ...envelope,
    data: { provider: 'stripe', paymentId: 'pay_1', party: card, amount: money(50_000_000_000n), resellerId: 2, commission: money(5_000_000_000n), receivedAtUs: startedAtUs },
  }),
  PaymentReversed: publicEventOf(publicEvents.PaymentReversed, {
    ...envelope,
    data: {
      ...{ provider: 'stripe', paymentId: 'pay_1', reversalId: 're_1', kind: 'refund', party: card },
      ...{ amount: money(50_000_000_000n), commission: money(5_000_000_000n), reversedAtUs: startedAtUs },
    },
  }),
  VoucherRedeemed: publicEventOf(publicEvents.VoucherRedeemed, {
    ...envelope,
    data: { batchId: 'v-1', serial: 7, party: account, value: money(10_000_000_000n), redeemedAtUs: startedAtUs },
  }),
  BalanceLow: publicEventOf(publicEvents.BalanceLow, {
    ...envelope,
    data: { account: { case: 'customerId', value: 'c-1' }, threshold: money(5_000_000_000n), balance: money(-1n), atUs: startedAtUs },
  }),
  CreditForfeited: publicEventOf(publicEvents.CreditForfeited, { ...envelope, data: { cardId: '0012345678', amount: money(4_200_000_000n), forfeitedAtUs: startedAtUs } }),
  CreditRestored: publicEventOf(publicEvents.CreditRestored, { ...envelope, data: { cardId: '0012345678', amount: money(4_200_000_000n), restoredAtUs: startedAtUs } }),
  ReservationExtended: publicEventOf(publicEvents.ReservationExtended, {
    ...envelope,
    data: {
      reservationId: 'r-1',
      call,
      charged: card,
      added: money(60_000_000n),
      amount: money(180_000_000n),
      maxDurationSec: 900,
      sequence: 2,
      extendedAtUs: startedAtUs,
      validUntilUs: startedAtUs + 60_000_000n,
      finalReason: 'credit',
    },
  }),
  ReservationReleased: publicEventOf(publicEvents.ReservationReleased, {
    ...envelope,
    data: { reservationId: 'r-1', call, charged: card, amount: money(120_000_000n), releasedAtUs: startedAtUs },
  }),
  AccountSuspended: publicEventOf(publicEvents.AccountSuspended, { ...envelope, data: { customerId: 'c-1', reason: 'unpaid', suspendedAtUs: startedAtUs } }),
  AccountResumed: publicEventOf(publicEvents.AccountResumed, { ...envelope, data: { customerId: 'c-1', resumedAtUs: startedAtUs } }),
  CdrClosed: publicEventOf(publicEvents.CdrClosed, {
    ...envelope,
    data: {
      call,
      charged: card,
      cli: '4930123456',
      calledE164: '442079460000',
      startedAtUs,
      endedAtUs: startedAtUs + 71_000_000n,
      durationSec: 66,
      billedSec: 66,
      q850Cause: 16,
      carrierCode: 'ACME',
      sell: money(36_000_000n),
      buy: money(9_900_000n),
      closedAtUs: startedAtUs,
      margin: money(26_100_000n),
    },
  }),
  CallAbandoned: publicEventOf(publicEvents.CallAbandoned, {
    ...envelope,
    data: { call, charged: card, startedAtUs, answeredAtUs: startedAtUs + 5_000_000n, reason: 'max_duration', abandonedAtUs: startedAtUs + 7_800_000_000n },
  }),
  NumberListed: publicEventOf(publicEvents.NumberListed, {
    ...envelope,
    data: { list: 'blacklist', subject: { case: 'country', value: 'AT' }, prefixes: ['43'], revision: 1, reason: 'fraud', by: 'ann', atUs: startedAtUs },
  }),
  NumberDelisted: publicEventOf(publicEvents.NumberDelisted, {
    ...envelope,
    data: { list: 'whitelist', subject: { case: 'prefix', value: '43664' }, revision: 2, by: 'ann', atUs: startedAtUs },
  }),
  FraudSuspected: publicEventOf(publicEvents.FraudSuspected, {
    ...envelope,
    data: {
      ruleId: 7, rule: 'dear hours', by: 'payer', subject: 'card:0012345678', measure: 'spend', measured: '31.50', limit: '30.00', currency: 'EUR', windowSec: 3600, action: 'block',
      revision: 1, atUs: startedAtUs,
    },
  }),
  FraudCleared: publicEventOf(publicEvents.FraudCleared, {
    ...envelope,
    data: { ruleId: 7, rule: 'dear hours', by: 'payer', subject: 'card:0012345678', clearedBy: 'ann', revision: 2, atUs: startedAtUs },
  }),
  NumbersScreened: publicEventOf(publicEvents.NumbersScreened, {
    ...envelope,
    data: { hits: [{ list: 'blacklist', subject: 'AT', stoppedCount: 3, passedCount: 1, lastHitAtUs: startedAtUs }], untilUs: startedAtUs },
  }),
};
