import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import type { SellPlanRef } from './gen/tollwire/common/v1/common_pb.ts';
import { CallAnsweredSchema, CallEndedSchema, CallRingingSchema, CallStartedSchema } from './gen/tollwire/call/v1/call_events_pb.ts';
import {
  AccountOpenedSchema,
  AccountResumedSchema,
  AccountSuspendedSchema,
  BalanceLowSchema,
  CardActivatedSchema,
  CardDeactivatedSchema,
  CardDebitedSchema,
  CardExtendedSchema,
  CardFirstUsedSchema,
  CardResumedSchema,
  CardsIssuedSchema,
  CardSuspendedSchema,
  CliBoundSchema,
  CliUnboundSchema,
  CreditForfeitedSchema,
  CreditReservedSchema,
  CreditRestoredSchema,
  PaymentReceivedSchema,
  PaymentReversedSchema,
  ReservationExpiredSchema,
  ReservationExtendedSchema,
  ReservationReleasedSchema,
  VoucherRedeemedSchema,
} from './gen/tollwire/card/v1/card_events_pb.ts';
import {
  DeckActivatedSchema,
  DeckApprovedSchema,
  type DeckVersion,
  DeckImportedSchema,
  DeckRejectedSchema,
  DeckRolledBackSchema,
  DeckWithdrawnSchema,
  ExchangeRateSetSchema,
  SellTermsSetSchema,
  VoipPlanComposedSchema,
} from './gen/tollwire/catalog/v1/catalog_events_pb.ts';
import { CallAbandonedSchema, CdrClosedSchema } from './gen/tollwire/cdr/v1/cdr_events_pb.ts';
import { FraudClearedSchema, FraudSuspectedSchema } from './gen/tollwire/cdr/v1/fraud_events_pb.ts';
import { NumberDelistedSchema, NumberListedSchema } from './gen/tollwire/cdr/v1/list_events_pb.ts';
import { CallRatedSchema } from './gen/tollwire/rating/v1/rating_events_pb.ts';
import { NumbersScreenedSchema } from './gen/tollwire/routing/v1/list_hits_pb.ts';
import { ProviderRatesLoadedSchema, ProviderRatesWithdrawnSchema, ProviderRegisteredSchema } from './gen/tollwire/routing/v1/routing_events_pb.ts';
import { callKey, partyKey } from './keys.ts';

/** The services that publish; each has one stream. */
export type ServiceName = 'catalog' | 'card' | 'routing' | 'rating' | 'cdr' | 'edge';

/** A public event: its schema, who publishes it, under which subject, and what its key (and so its partition) is. */
export interface EventDefinition<Desc extends DescMessage = DescMessage> {
  readonly schema: Desc;
  /** The CloudEvents type: the full protobuf name. */
  readonly type: string;
  readonly service: ServiceName;
  readonly aggregate: string;
  readonly event: string;
  /** A method, not a property, so that a definition of one event is also one of "some event". */
  keyOf(data: MessageShape<Desc>): string;
}

function define<Desc extends DescMessage>(
  schema: Desc,
  service: ServiceName,
  aggregate: string,
  event: string,
  keyOf: (data: MessageShape<Desc>) => string,
): EventDefinition<Desc> {
  return { schema, type: schema.typeName, service, aggregate, event, keyOf };
}

const deckKey = ({ deck }: { deck?: DeckVersion | undefined }) => `deck:${deck?.kind ?? 0}:${deck?.ownerId ?? 0}`;

function charged(data: { charged?: Parameters<typeof partyKey>[0] }): string {
  return partyKey(data.charged);
}

function planKey(plan: SellPlanRef | undefined): string {
  return `${plan?.plan.case ?? 'unknown'}:${plan?.plan.value ?? 0}`;
}

/** Every public event by its name. The name of an entry is the name of its message. */
export const publicEvents = {
  CallStarted: define(CallStartedSchema, 'edge', 'call', 'started', charged),
  CallRinging: define(CallRingingSchema, 'edge', 'call', 'ringing', (e) => callKey(e.call)),
  CallAnswered: define(CallAnsweredSchema, 'edge', 'call', 'answered', (e) => callKey(e.call)),
  CallEnded: define(CallEndedSchema, 'edge', 'call', 'ended', charged),
  DeckImported: define(DeckImportedSchema, 'catalog', 'deck', 'imported', deckKey),
  DeckActivated: define(DeckActivatedSchema, 'catalog', 'deck', 'activated', deckKey),
  DeckWithdrawn: define(DeckWithdrawnSchema, 'catalog', 'deck', 'withdrawn', deckKey),
  DeckApproved: define(DeckApprovedSchema, 'catalog', 'deck', 'approved', deckKey),
  DeckRejected: define(DeckRejectedSchema, 'catalog', 'deck', 'rejected', deckKey),
  DeckRolledBack: define(DeckRolledBackSchema, 'catalog', 'deck', 'rolled_back', deckKey),
  VoipPlanComposed: define(VoipPlanComposedSchema, 'catalog', 'plan', 'composed', (e) => `voipPlanId:${e.voipPlanId}`),
  SellTermsSet: define(SellTermsSetSchema, 'catalog', 'plan', 'terms_set', (e) => planKey(e.plan)),
  ExchangeRateSet: define(ExchangeRateSetSchema, 'catalog', 'exchange_rate', 'set', (e) => `pair:${e.base}/${e.quote}`),
  ProviderRegistered: define(ProviderRegisteredSchema, 'routing', 'provider', 'registered', (e) => `carrier:${e.carrierCode}`),
  ProviderRatesLoaded: define(ProviderRatesLoadedSchema, 'routing', 'provider', 'rates_loaded', (e) => `carrier:${e.carrierCode}`),
  ProviderRatesWithdrawn: define(ProviderRatesWithdrawnSchema, 'routing', 'provider', 'rates_withdrawn', (e) => `carrier:${e.carrierCode}`),
  CallRated: define(CallRatedSchema, 'rating', 'call', 'rated', charged),
  CardsIssued: define(CardsIssuedSchema, 'card', 'batch', 'issued', (e) => `batch:${e.batchId}`),
  CardActivated: define(CardActivatedSchema, 'card', 'card', 'activated', (e) => `card:${e.cardId}`),
  CardDeactivated: define(CardDeactivatedSchema, 'card', 'card', 'deactivated', (e) => `card:${e.cardId}`),
  CardFirstUsed: define(CardFirstUsedSchema, 'card', 'card', 'first_used', (e) => `card:${e.cardId}`),
  CardExtended: define(CardExtendedSchema, 'card', 'card', 'extended', (e) => `card:${e.cardId}`),
  CardSuspended: define(CardSuspendedSchema, 'card', 'card', 'suspended', (e) => `card:${e.cardId}`),
  CardResumed: define(CardResumedSchema, 'card', 'card', 'resumed', (e) => `card:${e.cardId}`),
  CliBound: define(CliBoundSchema, 'card', 'card', 'cli_bound', (e) => `card:${e.cardId}`),
  CliUnbound: define(CliUnboundSchema, 'card', 'card', 'cli_unbound', (e) => `card:${e.cardId}`),
  AccountOpened: define(AccountOpenedSchema, 'card', 'account', 'opened', (e) => `customer:${e.customerId}`),
  CreditReserved: define(CreditReservedSchema, 'card', 'credit', 'reserved', charged),
  CardDebited: define(CardDebitedSchema, 'card', 'credit', 'debited', charged),
  ReservationExpired: define(ReservationExpiredSchema, 'card', 'credit', 'expired', charged),
  PaymentReceived: define(PaymentReceivedSchema, 'card', 'payment', 'received', (e) => partyKey(e.party)),
  PaymentReversed: define(PaymentReversedSchema, 'card', 'payment', 'reversed', (e) => partyKey(e.party)),
  VoucherRedeemed: define(VoucherRedeemedSchema, 'card', 'voucher', 'redeemed', (e) => partyKey(e.party)),
  BalanceLow: define(BalanceLowSchema, 'card', 'credit', 'low', (e) => (e.account.case === 'customerId' ? `customer:${e.account.value}` : `card:${e.account.value ?? ''}`)),
  CreditForfeited: define(CreditForfeitedSchema, 'card', 'credit', 'forfeited', (e) => `card:${e.cardId}`),
  CreditRestored: define(CreditRestoredSchema, 'card', 'credit', 'restored', (e) => `card:${e.cardId}`),
  ReservationExtended: define(ReservationExtendedSchema, 'card', 'credit', 'extended', charged),
  ReservationReleased: define(ReservationReleasedSchema, 'card', 'credit', 'released', charged),
  AccountSuspended: define(AccountSuspendedSchema, 'card', 'account', 'suspended', (e) => `customer:${e.customerId}`),
  AccountResumed: define(AccountResumedSchema, 'card', 'account', 'resumed', (e) => `customer:${e.customerId}`),
  CdrClosed: define(CdrClosedSchema, 'cdr', 'call', 'closed', charged),
  CallAbandoned: define(CallAbandonedSchema, 'cdr', 'call', 'abandoned', charged),
  NumberListed: define(NumberListedSchema, 'cdr', 'list', 'listed', (e) => `list:${e.list}`),
  NumberDelisted: define(NumberDelistedSchema, 'cdr', 'list', 'delisted', (e) => `list:${e.list}`),
  FraudSuspected: define(FraudSuspectedSchema, 'cdr', 'fraud', 'suspected', (e) => `fraud:${e.ruleId}:${e.subject}`),
  FraudCleared: define(FraudClearedSchema, 'cdr', 'fraud', 'cleared', (e) => `fraud:${e.ruleId}:${e.subject}`),
  NumbersScreened: define(NumbersScreenedSchema, 'routing', 'list', 'screened', () => 'lists'),
};

/** The name of a public event. */
export type PublicEventName = keyof typeof publicEvents;

const byType: ReadonlyMap<string, EventDefinition> = new Map(
  Object.values<EventDefinition>(publicEvents).map((definition) => [definition.type, definition]),
);

/** The public event of a CloudEvents type, or undefined where Tollwire publishes none such. */
export function definitionOf(type: string): EventDefinition | undefined {
  return byType.get(type);
}
