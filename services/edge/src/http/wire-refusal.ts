import { type CodedRefusal, isRefusalCode, type Refusal } from '@tollwire/contracts';
import { fieldSent, type SentNames } from './field-sent.ts';

/**
 * A refusal that came within a reply. A code that is not in the table comes from a newer service: it is told as a fact, and
 * not as one of those that asking again could change.
 */
export function refusalOfWire(refusal: Refusal | undefined, names?: SentNames): CodedRefusal {
  if (refusal === undefined) return { code: 'internal_error', detail: 'The service answered neither a result nor a refusal.' };
  const { code, detail, field, facts } = refusal;
  if (isRefusalCode(code)) return { code, detail, field: fieldSent(field, names), facts };
  return { code: 'internal_error', detail, facts: { ...facts, code } };
}
