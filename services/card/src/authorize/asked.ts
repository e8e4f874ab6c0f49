import type { AuthorizeItem, CallRef, ChargedParty, CodedRefusal } from '@tollwire/contracts';
import { instantUs, ok, present, refuse } from '@tollwire/core';
import type { InstantUs, Result } from '@tollwire/core';
import { normalizeE164, portedNumberOf } from '@tollwire/telecom';
import type { E164 } from '@tollwire/telecom';
import { callKeyOf } from '../wire/call.ts';
import { partyOf } from '../wire/party.ts';
import type { Party } from '../wire/party.ts';
import { textOf } from '../wire/text.ts';

/** A call that asks to be let through. */
export interface Asked {
  readonly callKey: string;
  readonly call: CallRef;
  readonly charged: ChargedParty;
  readonly party: Party;
  readonly e164: E164;
  /** What number portability answered, where that is another number, and that it was looked up. */
  readonly routedBy?: E164;
  readonly npdi?: boolean;
  /** Who calls, as it was told: empty where it is withheld; absent where nobody said. Gateways may want another caller id. */
  readonly cli?: string;
  /** When the call begins, by which it is priced and routed. */
  readonly at: InstantUs;
  readonly traceparent: string | undefined;
  /** What the call asks of its carriers, where its switch says so. */
  readonly codecs?: readonly string[];
  readonly attestation?: string;
}

/** Reads one item of a request; the time is `now` where it tells none. Refuses what is missing or malformed. */
export function askedOf(item: AuthorizeItem, now: InstantUs, traceparent: string | undefined): Result<Asked, CodedRefusal> {
  const callKey = callKeyOf(item.call, 'call');
  if (!callKey.ok) return callKey;
  const party = partyOf(item.charged, 'charged');
  if (!party.ok) return party;
  const dialled = textOf(item.calledNumber, 'calledNumber');
  if (!dialled.ok) return dialled;
  const told = portedNumberOf(dialled.value);
  const e164 = normalizeE164(told.number);
  if (!e164.ok) return refuse({ code: e164.refusal.code, field: 'calledNumber', detail: 'Give the number in international form, as +43… or 0043….' });
  const routingNumber = item.routingNumber || (told.routingNumber ?? '');
  const routedBy = routingNumber === '' ? e164 : normalizeE164(routingNumber);
  if (!routedBy.ok) return refuse({ code: routedBy.refusal.code, field: 'routingNumber', detail: 'Give what number portability answered in international form, as +1301….' });
  const atUs = Number(item.atUs);
  if (!Number.isSafeInteger(atUs) || atUs < 0) return refuse({ code: 'field_out_of_range', field: 'atUs' });
  return ok({
    callKey: callKey.value,
    call: present(item.call, 'the call'),
    charged: present(item.charged, 'the charged party'),
    party: party.value,
    e164: e164.value,
    at: atUs === 0 ? now : instantUs(atUs),
    traceparent,
    cli: item.cli,
    ...(routedBy.value === e164.value ? {} : { routedBy: routedBy.value }),
    ...(item.npdi || told.npdi ? { npdi: true } : {}),
    ...(item.codecs.length === 0 ? {} : { codecs: item.codecs }),
    ...(item.attestation === '' ? {} : { attestation: item.attestation }),
  });
}
