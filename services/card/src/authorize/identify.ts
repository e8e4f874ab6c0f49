import { create } from '@bufbuild/protobuf';
import { AuthorizeItemSchema, ChargedPartySchema, partyKey } from '@tollwire/contracts';
import type { AuthorizeItem, CodedRefusal, Presented } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import type { Result } from '@tollwire/core';
import { microBatch } from '@tollwire/messaging';
import { addressOf } from '../callers/addresses.ts';
import { bindCli } from '../callers/bind-cli.ts';
import { cliOf } from '../callers/cli.ts';
import { createForCli } from '../callers/create-for-cli.ts';
import { type Known, knownCallers } from '../callers/known-callers.ts';
import { policyFor } from '../callers/policies.ts';
import type { CardDeps } from '../card.deps.ts';
import { type AnswerGiven, answersGiven } from '../ledger/reservations.ts';
import type { PinPlace } from '../pins/pin-tries.ts';
import { provePin } from '../pins/prove-pin.ts';
import { callKeyOf } from '../wire/call.ts';
import type { Party } from '../wire/party.ts';
import { optionalTextOf } from '../wire/text.ts';

/** A call that names who pays; or what it was answered before, and is answered again without asking who calls, or whether a PIN is still right. */
export type Identified = { readonly item: AuthorizeItem } | { readonly given: AnswerGiven };

/** Names who pays for a call that was asked for without a name, or why nobody does. A call that names its payer, and gives no PIN, is handed on as it is. */
export type Identify = (item: AuthorizeItem) => Promise<Result<Identified, CodedRefusal>>;

/** Whether a call says by itself who pays, and proves nothing by a PIN. */
function isNamed({ presented, charged }: Pick<AuthorizeItem, 'presented' | 'charged'>): boolean {
  return presented === undefined || (charged !== undefined && presented.pin === '');
}

/** What is known of who calls, read and checked. */
interface Caller {
  readonly pin: string;
  readonly trunk: string;
  readonly address: string | null;
  /** Null where the number is withheld, or is none. */
  readonly cli: string | null;
  readonly switchId: string;
}

/** Callers looked up together. */
const batchMax = 500;

/**
 * Makes the identifier. Who pays is, in this order: the card whose PIN was given; the account at whose registered address the
 * call comes from; the card that the calling number is bound to; and where nobody is known, what the policy of the trunk says.
 */
export function identifier(deps: CardDeps): Identify {
  const lookUp = microBatch((asked: readonly (Known & { readonly callKey: string })[]) => lookedUp(deps, asked), { itemsMax: batchMax, concurrency: 4 });
  return async (item) => {
    if (item.presented === undefined || isNamed(item)) return ok({ item });
    const caller = callerOf(item, item.presented);
    if (!caller.ok) return caller;
    const callKey = callKeyOf(item.call, 'call');
    if (!callKey.ok) return callKey;
    // A PIN goes before number and address.
    const shown = caller.value.pin === '' ? caller.value : { address: null, cli: null };
    const { given, party: known } = await lookUp({ callKey: callKey.value, address: shown.address, cli: shown.cli });
    // One that names another payer now is not told that it has one already before that one is proved.
    if (given !== undefined && (item.charged === undefined || partyKey(item.charged) === given.party)) return ok({ given });
    const party = await partyOfCaller(deps, known, caller.value, item);
    return party.ok ? ok({ item: create(AuthorizeItemSchema, { ...item, charged: chargedOf(party.value) }) }) : party;
  };
}

/** What calls were answered before, and who is known to make them, in one trip. */
async function lookedUp({ database }: CardDeps, asked: readonly (Known & { readonly callKey: string })[]): Promise<{ given: AnswerGiven | undefined; party: Party | undefined }[]> {
  return await database.together(async (sql) => {
    const [given, parties] = await Promise.all([answersGiven(sql, [...new Set(asked.map(({ callKey }) => callKey))]), knownCallers(sql, asked)]);
    return asked.map(({ callKey }, at) => ({ given: given.get(callKey), party: parties[at] }));
  });
}

async function partyOfCaller(deps: CardDeps, known: Party | undefined, caller: Caller, { charged }: AuthorizeItem): Promise<Result<Party, CodedRefusal>> {
  if (caller.pin !== '') {
    if (charged?.party.case === 'accountCode') return refuse({ code: 'field_malformed', field: 'pin', detail: 'A PIN is of a card: give it alone, or with the card id.' });
    return await byPin(deps, caller, charged?.party.case === 'cardId' ? charged.party.value : null);
  }
  return known === undefined ? await byPolicy(deps, caller) : ok(known);
}

async function byPin(deps: CardDeps, caller: Caller, cardId: string | null): Promise<Result<Party, CodedRefusal>> {
  const { pin, cli, switchId, trunk } = caller;
  const proved = await provePin(deps, { pin, cardId, places: placesOf(caller) }, deps.clock.nowUs());
  if (!proved.ok) return proved;
  const { bindMax } = cli === null ? { bindMax: 0 } : await policyFor(deps.database, switchId, trunk);
  // Bound or not (the card has its callers already, or another card has this one), the PIN was right.
  if (cli !== null && bindMax > 0) await bindCli(deps, deps.aggregates, { cardId: proved.value, cli }, bindMax, { by: 'PIN' });
  return ok({ kind: 'card', cardId: proved.value });
}

async function byPolicy(deps: CardDeps, { cli, switchId, trunk }: Caller): Promise<Result<Party, CodedRefusal>> {
  const policy = await policyFor(deps.database, switchId, trunk);
  if (policy.unknownCli === 'ask_pin') return refuse({ code: 'pin_required', detail: 'Ask the caller for the PIN, and authorize the call with it.' });
  if (policy.unknownCli === 'refuse' || cli === null || policy.cardTypeId === null) return refuse(unknownCid);
  const created = await createForCli(deps, { cli, cardTypeId: policy.cardTypeId, resellerId: policy.resellerId });
  if (created.ok) return ok({ kind: 'card', cardId: created.value });
  // Somebody bound the caller meanwhile: that card it is.
  const [party] = created.refusal.code === 'cli_taken' ? await knownCallers(deps.database, [{ address: null, cli }]) : [];
  return party === undefined ? created : ok(party);
}

const unknownCid: CodedRefusal = { code: 'unknown_cid', detail: 'Bind the caller to a card, or set a policy for callers whom nobody knows.' };

function placesOf({ cli, trunk, address, switchId }: Caller): PinPlace[] {
  const places: PinPlace[] = [
    ...(cli === null ? [] : [{ kind: 'cli' as const, value: cli }]),
    ...(trunk === '' ? [] : [{ kind: 'trunk' as const, value: JSON.stringify([switchId, trunk]) }]),
    ...(address === null ? [] : [{ kind: 'address' as const, value: address }]),
  ];
  return places.length === 0 ? [{ kind: 'switch', value: switchId }] : places;
}

function callerOf({ cli, call }: AuthorizeItem, presented: Presented): Result<Caller, CodedRefusal> {
  const pin = optionalTextOf(presented.pin, 'pin', 64);
  if (!pin.ok) return pin;
  const trunk = optionalTextOf(presented.trunk, 'trunk', 64);
  if (!trunk.ok) return trunk;
  const address = presented.address === '' ? ok(null) : addressOf(presented.address);
  if (!address.ok) return address;
  return ok({ pin: pin.value, trunk: trunk.value, address: address.value, cli: cliOf(cli), switchId: call?.switchId.slice(0, 128) ?? '' });
}

function chargedOf(party: Party) {
  const named = party.kind === 'card' ? ({ case: 'cardId', value: party.cardId } as const) : ({ case: 'accountCode', value: party.code } as const);
  return create(ChargedPartySchema, { party: named });
}
