import { isRefusalCode } from '@tollwire/contracts';
import type { CodedRefusal, Refusal } from '@tollwire/contracts';

/** A refusal that another service answered within a batch; one without a published code says that it gave no answer. */
export function refusalOf(refusal: Refusal | undefined): CodedRefusal {
  if (refusal === undefined || !isRefusalCode(refusal.code)) return { code: 'service_unavailable', detail: 'A service gave no answer for this call.' };
  return { code: refusal.code, detail: refusal.detail, field: refusal.field, facts: refusal.facts };
}

/** A refusal as a message has it. */
export function refusalMessageOf({ code, detail, field, facts }: CodedRefusal): { code: string; detail: string; field: string; facts: Record<string, string> } {
  return { code, detail: detail ?? '', field: field ?? '', facts: { ...facts } };
}
