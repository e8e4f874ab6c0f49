import { callOfKey, publicEventOf, publicEvents } from '@tollwire/contracts';
import type { PublicEvent } from '@tollwire/contracts';
import { present } from '@tollwire/core';
import type { InstantUs } from '@tollwire/core';
import { moneyOf } from './money.ts';
import { chargedOfKey } from './party.ts';

const source = 'tollwire/card';

/** A reservation, as events name it. */
interface Reserved {
  readonly reservationId: string;
  readonly callKey: string;
  /** Who pays, as a party key. */
  readonly party: string;
  readonly currency: string;
  readonly amountNanos: bigint;
  readonly traceparent?: string | undefined;
}

/** A call may last longer; `amountNanos` is what is reserved for all of it. */
export function reservationExtendedOf(
  extended: Reserved & {
    readonly sequence: number;
    readonly addedNanos: bigint;
    readonly maxDurationSec: number;
    readonly validUntil: InstantUs;
    readonly finalReason: string | null;
    readonly at: InstantUs;
  },
): PublicEvent {
  const { at, currency, sequence, maxDurationSec } = extended;
  return publicEventOf(publicEvents.ReservationExtended, {
    source,
    timeUs: at,
    parts: [extended.reservationId, String(sequence)],
    traceparent: extended.traceparent,
    data: {
      ...subjectOf(extended),
      added: moneyOf(extended.addedNanos, currency),
      maxDurationSec,
      sequence,
      extendedAtUs: BigInt(at),
      validUntilUs: BigInt(extended.validUntil),
      finalReason: extended.finalReason ?? '',
    },
  });
}

/** The switch gave up a call that it had not attempted. */
export function reservationReleasedOf(released: Reserved & { readonly at: InstantUs }): PublicEvent {
  const { at, reservationId: id, traceparent } = released;
  return publicEventOf(publicEvents.ReservationReleased, { source, timeUs: at, parts: [id], traceparent, data: { ...subjectOf(released), releasedAtUs: BigInt(at) } });
}

function subjectOf({ reservationId, callKey, party, amountNanos, currency }: Reserved) {
  return {
    reservationId,
    call: present(callOfKey(callKey), 'the key of a call'),
    charged: chargedOfKey(party),
    amount: moneyOf(amountNanos, currency),
  };
}
