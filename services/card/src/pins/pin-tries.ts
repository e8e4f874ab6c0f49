import type { PinPolicy } from '../card.deps.ts';
import type { TryLimit } from '../tries/failed-tries.ts';

/** Where a PIN comes from. Wrong ones are counted for each of them. */
export interface PinPlace {
  readonly kind: 'cli' | 'trunk' | 'address' | 'switch';
  readonly value: string;
}

/** How many wrong PINs a place has. */
export function pinLimitOf(place: PinPlace, { triesMax, sharedTriesMax }: PinPolicy): TryLimit {
  return { subject: pinSubjectOf(place), triesMax: place.kind === 'cli' ? triesMax : sharedTriesMax };
}

/** What wrong PINs that come from a place are counted under. */
export function pinSubjectOf({ kind, value }: PinPlace): string {
  return `pin:${kind}:${value}`;
}
