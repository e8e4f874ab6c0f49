import type { CodedRefusal } from '@tollwire/contracts';
import { nameInJson } from './json-of.ts';

/** Names that a route has for fields that its caller sends in another shape: `plan` where it sends `tariffId`. */
export type SentNames = Readonly<Record<string, string>>;

/** Messages whose fields the JSON of the edge has among its own: who pays, by which plan, which call. */
const spread = new Set(['charged', 'party', 'plan', 'call']);

/**
 * The name under which the caller sent a field that a service names as its own request has it:
 * `rates[0].rate_per_min_nanos` was sent as `rates[0].ratePerMin`, `amount.nanos` as `amount.amount`.
 */
export function fieldSent(field: string, names: SentNames = {}): string {
  const own = names[field];
  if (own !== undefined) return own;
  const segments = field.split('.');
  return segments.filter((segment, at) => at === segments.length - 1 || !spread.has(segment)).map(segmentSent).join('.');
}

/** A service's refusal as its caller can read it: the field at fault goes by the name that was sent. */
export function refusalSent(refusal: CodedRefusal, names?: SentNames): CodedRefusal {
  return refusal.field === undefined ? refusal : { ...refusal, field: fieldSent(refusal.field, names) };
}

function segmentSent(segment: string): string {
  const [name = '', index = ''] = segment.split(/(?=\[)/);
  const camel = name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return (camel === 'nanos' ? 'amount' : nameInJson(camel)) + index;
}
