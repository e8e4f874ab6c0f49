import { type PublicEvent, publicEventOf, publicEvents } from '@tollwire/contracts';
import type { Recorded } from '@tollwire/event-store';
import type { FraudCaseEvent } from '../domain/fraud-case.ts';
import { amountText } from '../fraud/amounts.ts';

/** What the world is told of a case. */
export function publicFraudEvent({ event, stream, version, meta }: Recorded<FraudCaseEvent>): readonly PublicEvent[] {
  const { rule: { id: ruleId, name, by, measure, limit, currency, windowSec, action }, subject, at } = event;
  const told = { source: 'tollwire/cdr', parts: [stream, String(version)], timeUs: at, traceparent: meta['traceparent'] };
  const about = { ruleId, rule: name, by, subject, revision: version, atUs: BigInt(at) };
  if (event.type === 'FraudCleared') return [publicEventOf(publicEvents.FraudCleared, { ...told, data: { ...about, clearedBy: event.by } })];
  const found = { measure, measured: amountText(measure, event.measured), limit: amountText(measure, limit), currency, windowSec, action };
  return [publicEventOf(publicEvents.FraudSuspected, { ...told, data: { ...about, ...found } })];
}
