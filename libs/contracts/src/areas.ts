/**
 * All generated code, flat. A name that two areas use is told apart by its area: `CatalogCreatedReply`, `CardCreatedReply`.
 * The plain name stands for card's, because an explicit export wins over `export *`.
 */
export * from './gen/tollwire/common/v1/common_pb.ts';
export * from './gen/tollwire/common/v1/pricing_pb.ts';
export * from './gen/tollwire/call/v1/call_events_pb.ts';
export * from './gen/tollwire/card/v1/card_callers_pb.ts';
export * from './gen/tollwire/card/v1/card_events_pb.ts';
export * from './gen/tollwire/card/v1/card_life_pb.ts';
export * from './gen/tollwire/card/v1/card_service_pb.ts';
export * from './gen/tollwire/card/v1/control_pb.ts';
export * from './gen/tollwire/card/v1/money_pb.ts';
export * from './gen/tollwire/catalog/v1/catalog_events_pb.ts';
export * from './gen/tollwire/catalog/v1/catalog_service_pb.ts';
export * from './gen/tollwire/catalog/v1/deck_making_pb.ts';
export * from './gen/tollwire/catalog/v1/deck_rates_pb.ts';
export * from './gen/tollwire/catalog/v1/deck_reviews_pb.ts';
export * from './gen/tollwire/catalog/v1/exchange_rates_pb.ts';
export * from './gen/tollwire/catalog/v1/plans_pb.ts';
export * from './gen/tollwire/cdr/v1/alarms_pb.ts';
export * from './gen/tollwire/cdr/v1/cdr_events_pb.ts';
export * from './gen/tollwire/cdr/v1/cdr_service_pb.ts';
export * from './gen/tollwire/cdr/v1/fraud_events_pb.ts';
export * from './gen/tollwire/cdr/v1/fraud_pb.ts';
export * from './gen/tollwire/cdr/v1/list_events_pb.ts';
export * from './gen/tollwire/cdr/v1/lists_pb.ts';
export * from './gen/tollwire/cdr/v1/records_pb.ts';
export * from './gen/tollwire/cdr/v1/watching_pb.ts';
export * from './gen/tollwire/ops/v1/ops_service_pb.ts';
export * from './gen/tollwire/rating/v1/allowances_pb.ts';
export * from './gen/tollwire/rating/v1/forecast_pb.ts';
export * from './gen/tollwire/rating/v1/rating_events_pb.ts';
export * from './gen/tollwire/rating/v1/rerating_pb.ts';
export * from './gen/tollwire/rating/v1/rating_service_pb.ts';
export * from './gen/tollwire/routing/v1/list_hits_pb.ts';
export * from './gen/tollwire/routing/v1/routing_events_pb.ts';
export * from './gen/tollwire/routing/v1/policies_pb.ts';
export * from './gen/tollwire/routing/v1/provider_rates_pb.ts';
export * from './gen/tollwire/routing/v1/routing_service_pb.ts';

export { type CreatedReply, CreatedReplySchema } from './gen/tollwire/card/v1/card_service_pb.ts';
export {
  type CreatedReply as CardCreatedReply,
  CreatedReplySchema as CardCreatedReplySchema,
} from './gen/tollwire/card/v1/card_service_pb.ts';
export {
  type CreatedReply as CatalogCreatedReply,
  CreatedReplySchema as CatalogCreatedReplySchema,
} from './gen/tollwire/catalog/v1/catalog_service_pb.ts';

export {
  CloudEventSchema,
  CloudEventBatchSchema,
  type CloudEvent,
  type CloudEventBatch,
} from './gen/io/cloudevents/v1/cloudevents_pb.ts';
