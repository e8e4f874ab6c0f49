import type { CodedRefusal } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import type { InstantUs, Result } from '@tollwire/core';
import type { CardDeps } from '../card.deps.ts';
import { giveTriesBack, takeTries } from '../tries/failed-tries.ts';
import { pinLimitOf, type PinPlace } from './pin-tries.ts';

/** A PIN that was given, and where. With a card id it must be the PIN of that card. */
export interface GivenPin {
  readonly pin: string;
  readonly cardId: string | null;
  readonly places: readonly PinPlace[];
}

const selectPin = 'SELECT cardid AS "cardId", hash FROM card_pin WHERE blind_index = $1';

/**
 * The card whose PIN was given. A PIN that nobody has and one that is another card's get the same answer after the same work:
 * one look-up, one slow hash, one comparison in constant time. Refuses auth_fail and pin_locked.
 */
export async function provePin({ database, pins }: Pick<CardDeps, 'database' | 'pins'>, given: GivenPin, now: InstantUs): Promise<Result<string, CodedRefusal>> {
  const limits = given.places.map((place) => pinLimitOf(place, pins.policy));
  const taken = await takeTries(database, limits, pins.policy.windowSec, now);
  if (!taken.ok) return refuse({ code: 'pin_locked', detail: 'Too many wrong PINs; wait until then.', facts: { untilUs: String(taken.refusal.untilUs) } });
  const [row] = await database.query<{ cardId: string; hash: string }>(selectPin, [pins.secrets.blindIndex(given.pin)]);
  const isRight = await pins.secrets.proves(row, given.pin);
  if (!isRight || row === undefined || (given.cardId !== null && given.cardId !== row.cardId)) {
    return refuse({ code: 'auth_fail', detail: 'Ask for the PIN again.', facts: { triesLeft: String(taken.value.leftCount) } });
  }
  await giveTriesBack(database, taken.value.tries);
  return ok(row.cardId);
}
