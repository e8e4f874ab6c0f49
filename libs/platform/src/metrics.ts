import type { Meter } from '@opentelemetry/api';

/** Every metric of Tollwire, in one place: its name says its unit. */
export const metricNames = {
  outboxPending: 'tollwire_outbox_pending_rows',
  outboxAge: 'tollwire_outbox_oldest_age_seconds',
  gateAge: 'tollwire_event_gate_age_seconds',
  deadLetters: 'tollwire_dead_letters',
  consumerLag: 'tollwire_consumer_lag_messages',
  consumerEvents: 'tollwire_consumer_events_total',
  consumerBatch: 'tollwire_consumer_batch_seconds',
  consumerParked: 'tollwire_consumer_parked_total',
  consumerRetried: 'tollwire_consumer_retried_total',
  rpc: 'tollwire_rpc_seconds',
  published: 'tollwire_relay_published_events_total',
  http: 'tollwire_http_request_seconds',
  deckVersion: 'tollwire_deck_version',
  refusedEvents: 'tollwire_refused_events_total',
  callEvents: 'tollwire_edge_call_events_total',
  importQueue: 'tollwire_edge_import_queue_calls',
  authorizations: 'tollwire_card_authorizations_total',
  openReservations: 'tollwire_card_open_reservations',
  extensions: 'tollwire_card_extensions_total',
  releasedCalls: 'tollwire_card_released_calls_total',
  expiredReservations: 'tollwire_card_expired_reservations_total',
  charges: 'tollwire_card_charges_total',
  chargedUnits: 'tollwire_card_charged_units',
  moneyIn: 'tollwire_card_money_in_total',
  ratedCalls: 'tollwire_rating_rated_calls_total',
  closedCalls: 'tollwire_cdr_closed_calls_total',
  conversationSec: 'tollwire_cdr_conversation_seconds_total',
  droppedRows: 'tollwire_cdr_dropped_rows_total',
} as const;

/** Upper bounds of latency histograms, in seconds, dense around the 10 ms that an authorization may take. */
export const latencyBucketsSec = [0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** A histogram of durations in seconds with the project's buckets. */
export function latencyHistogram(meter: Meter, name: string, description: string) {
  return meter.createHistogram(name, { description, unit: 's', advice: { explicitBucketBoundaries: latencyBucketsSec } });
}
