import { normalizeE164 } from '@tollwire/telecom';

/** A calling number as callers are known by: its international digits. Null for one that is withheld, or is none. */
export function cliOf(presented: string): string | null {
  const number = normalizeE164(presented);
  return number.ok ? number.value : null;
}
