import { isRefusalCode } from '@tollwire/contracts';
import type { CodedRefusal, Refusal } from '@tollwire/contracts';

/**
 * A refusal that another service answered within a batch. None at all says that it gave no answer; one of a code that is not
 * published here comes from a newer service, and asking again would not change it.
 */
export function refusalOf(refusal: Refusal | undefined): CodedRefusal {
  if (refusal === undefined) return { code: 'service_unavailable', detail: 'A service gave no answer for this call.' };
  const { code, detail, field, facts } = refusal;
  return isRefusalCode(code) ? { code, detail, field, facts } : { code: 'internal_error', detail, field, facts: { ...facts, code } };
}

/** A refusal as a message has it. */
export function refusalMessageOf({ code, detail, field, facts }: CodedRefusal): { code: string; detail: string; field: string; facts: Record<string, string> } {
  return { code, detail: detail ?? '', field: field ?? '', facts: { ...facts } };
}
