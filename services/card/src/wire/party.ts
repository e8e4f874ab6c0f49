import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ChargedParty, ChargedPartySchema, CodedRefusal } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import type { Result } from '@tollwire/core';
import { textOf } from './text.ts';

/** Who pays: a card by its id, or a customer by one of the account codes. */
export type Party = { readonly kind: 'card'; readonly cardId: string } | { readonly kind: 'account'; readonly code: string };

/** The charged party of a message. Refuses field_missing and field_malformed. */
export function partyOf(charged: ChargedParty | undefined, field: string): Result<Party, CodedRefusal> {
  switch (charged?.party.case) {
    case 'cardId': {
      const cardId = textOf(charged.party.value, `${field}.cardId`, 64);
      return cardId.ok ? ok({ kind: 'card', cardId: cardId.value }) : cardId;
    }
    case 'accountCode': {
      const code = textOf(charged.party.value, `${field}.accountCode`, 64);
      return code.ok ? ok({ kind: 'account', code: code.value }) : code;
    }
    case undefined:
    default:
      return refuse({ code: 'field_missing', field, detail: 'Name the card or the account code that pays.' });
  }
}

/** The refusal for a party that nobody knows, with what to do about it. */
export function unknownParty(party: Party): CodedRefusal {
  if (party.kind === 'card') return { code: 'unknown_card', detail: 'Check the card id, in which leading zeros count, or issue the card first.' };
  return { code: 'unknown_account', detail: 'Check the account code, or open an account with it first.' };
}

/** Whether a refusal is that of a party that nobody knows. */
export function isUnknownParty({ code }: CodedRefusal): boolean {
  return code === 'unknown_card' || code === 'unknown_account';
}

/** The key of a party; see partyKey of the contracts. */
export function keyOfParty(party: Party): string {
  return party.kind === 'card' ? `card:${party.cardId}` : `account:${party.code}`;
}

/** The party that a key names, as it was kept. */
export function partyOfKey(key: string): Party {
  const at = key.indexOf(':');
  const value = key.slice(at + 1);
  return key.slice(0, at) === 'card' ? { kind: 'card', cardId: value } : { kind: 'account', code: value };
}

/** The charged party that a party key names; see partyKey of the contracts. */
export function chargedOfKey(key: string): MessageInitShape<typeof ChargedPartySchema> {
  const at = key.indexOf(':');
  const value = key.slice(at + 1);
  return { party: key.slice(0, at) === 'card' ? { case: 'cardId', value } : { case: 'accountCode', value } };
}
