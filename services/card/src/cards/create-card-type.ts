import type { CardTypeOfferSchema, CardTypeRef, CodedRefusal, CreateCardTypeRequest } from '@tollwire/contracts';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { instantUs, ok, present, refuse } from '@tollwire/core';
import type { Result } from '@tollwire/core';
import type { EventMeta } from '@tollwire/event-store';
import type { Aggregates, CardDeps } from '../card.deps.ts';
import { expiryBeginnings, type ExpiryTerms } from '../domain/card-expiry.ts';
import { amountOf } from '../wire/money.ts';
import { optionalTextOf } from '../wire/text.ts';

/** The largest value of PostgreSQL's integer. */
const integerMax = 2_147_483_647;

/** Creates a card type and answers its number. Refuses a value that is not whole cents, a startpulse without a frequency, and fields out of range. */
export async function createCardType(
  { database, clock }: Pick<CardDeps, 'database' | 'clock'>,
  { cardTypes }: Aggregates,
  request: CreateCardTypeRequest,
  meta: EventMeta,
): Promise<Result<{ id: number }, CodedRefusal>> {
  const description = optionalTextOf(request.description, 'description');
  if (!description.ok) return description;
  const value = amountOf(request.value, 'value');
  if (!value.ok) return value;
  const expiry = expiryOf(request);
  if (!expiry.ok) return expiry;
  const { tariffId, frequencySec, startpulseSec, incomingLeg, activatesOnUse, active } = request;
  if (tariffId === 0) return refuse({ code: 'field_missing', field: 'tariffId', detail: 'Name the tariff that calls are sold by.' });
  if (tariffId > integerMax) return refuse({ code: 'field_out_of_range', field: 'tariffId' });
  // Without a frequency there are no pulses, and the startpulse would count for nothing.
  if (startpulseSec > 0 && frequencySec === 0) return refuse({ code: 'field_missing', field: 'frequencySec', detail: 'Give the frequency of the pulses that follow the startpulse.' });
  const [drawn] = await database.query<{ id: bigint }>("SELECT nextval('cardtype_id') AS id");
  const cardTypeId = Number(present(drawn, 'the next number of the sequence').id);
  const cardType = {
    cardTypeId,
    description: description.value,
    valueNanos: value.value.nanos,
    currency: value.value.currency,
    ...expiry.value,
    ...{ tariffId, frequencySec, startpulseSec, incomingLeg, activatesOnUse, active },
  };
  const created = await cardTypes.handle(String(cardTypeId), { type: 'Create', cardType, at: clock.nowUs() }, meta);
  return created.ok ? ok({ id: cardTypeId }) : created;
}

/** Withdraws a card type, so that no cards are made of it, or offers it again. Refuses unknown_card_type. */
export async function offerCardType(
  { clock }: Pick<CardDeps, 'clock'>,
  { cardTypes }: Aggregates,
  type: 'Withdraw' | 'Offer',
  { cardTypeId }: CardTypeRef,
  meta: EventMeta,
): Promise<Result<MessageInitShape<typeof CardTypeOfferSchema>, CodedRefusal>> {
  const handled = await cardTypes.handle(String(cardTypeId), { type, at: clock.nowUs() }, meta);
  return handled.ok ? ok({ cardTypeId, active: type === 'Offer', changed: handled.value.events.length > 0 }) : handled;
}

function expiryOf({ lifetimeDays, expiresFrom, expiresAtUs }: CreateCardTypeRequest): Result<Required<ExpiryTerms>, CodedRefusal> {
  const from = expiryBeginnings.find((beginning) => beginning === (expiresFrom === '' ? 'activation' : expiresFrom));
  if (from === undefined) {
    return refuse({ code: 'field_malformed', field: 'expiresFrom', detail: `Say when the lifetime begins: ${expiryBeginnings.join(', ')}.` });
  }
  const at = Number(expiresAtUs);
  if (!Number.isSafeInteger(at) || at < 0) return refuse({ code: 'field_out_of_range', field: 'expiresAt' });
  return ok({ lifetimeDays, expiresFrom: from, expiresOn: at === 0 ? null : instantUs(at) });
}
