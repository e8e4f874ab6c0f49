import { type InstantUs, instantUs } from '@tollwire/core';
import { type Database, enqueue, type Sql } from '@tollwire/event-store';
import type { Aggregates } from '../../services/card/src/card.deps.ts';
import type { ExpiresFrom } from '../../services/card/src/domain/card-expiry.ts';
import { fundingTransfer, isCardAccount, ledgerAccount } from '../../services/card/src/domain/ledger.ts';
import { lowBalanceScope } from '../../services/card/src/domain/low-balance.ts';
import { openAccounts } from '../../services/card/src/ledger/open-accounts.ts';
import { postTransfers } from '../../services/card/src/ledger/transfers.ts';
import { codeIndex } from '../../services/card/src/money/voucher-codes.ts';
import { accountEventsOf, cardsIssuedOf } from '../../services/card/src/wire/public-events.ts';
import type { Store } from './postgres/store.ts';
import type { Row } from './postgres/values.ts';
import { tariffId, voipPlanId } from './prices.ts';
import { pinSecrets, root, voucherKey } from './processes.ts';

const euro = 1_000_000_000n;
const currency = 'EUR';

/** About three minutes: a part of a day that binary fractions have, so that cards end within a simulation. */
const livesDays = 1 / 512;

/**
 * Who pays: a card that soon runs dry, one that is rich and ends some time after its first use, one that ends at an instant, one that its first
 * call activates, and from then on ends like the second, one that somebody must activate, and a customer with two account codes and a limit.
 */
const cards = [
  { id: '0000000000000001', nanos: 2n * euro, resellerId: 1, activated: true, life: { lifetimeDays: 0 } },
  { id: '0000000000000002', nanos: 40n * euro, resellerId: 2, activated: true, life: { lifetimeDays: livesDays, expiresFrom: 'first_use' } },
  { id: '0000000000000003', nanos: 5n * euro, resellerId: 3, activated: true, life: { lifetimeDays: 0, expiresFrom: 'date', livesSec: 150 } },
  { id: '0000000000000004', nanos: 3n * euro, resellerId: 1, activated: false, life: { lifetimeDays: livesDays, expiresFrom: 'first_use', activatesOnUse: true } },
  { id: '0000000000000005', nanos: 3n * euro, resellerId: 2, activated: false, life: { lifetimeDays: livesDays, expiresFrom: 'activation' } },
] as const satisfies readonly { readonly life: Life; readonly [term: string]: unknown }[];

/** When a card begins and ends. */
interface Life {
  readonly lifetimeDays: number;
  readonly expiresFrom?: ExpiresFrom;
  readonly livesSec?: number;
  readonly activatesOnUse?: boolean;
}

/** What orders to cards are about: all of them, and the one that may be taken out of use. */
export const cardIds: readonly string[] = cards.map(({ id }) => id);
export const doomedCardId = '0000000000000004';

/** Cards that have a PIN, and it. */
export const pins = [{ cardId: cards[0].id, pin: '1000000001' }, { cardId: cards[3].id, pin: '4000000004' }] as const;

/** The type of the cards that are made for callers whom nobody knows. */
const madeTypeId = 2;
/** Callers that are bound to a card by its PIN at most. */
export const bindMax = 1;
/** Where calls come from: a trunk that lets nobody in whom nobody knows, one that asks for the PIN and binds, two that make cards of different types. */
export const trunks = ['refuses', 'asks', 'creates', 'creates others'] as const;
const policies = [
  { trunk: trunks[0], unknown_cli: 'refuse', cardtypeid: null, bind_max: 0 },
  { trunk: trunks[1], unknown_cli: 'ask_pin', cardtypeid: null, bind_max: bindMax },
  { trunk: trunks[2], unknown_cli: 'create', cardtypeid: madeTypeId, bind_max: 0 },
  { trunk: trunks[3], unknown_cli: 'create', cardtypeid: 1, bind_max: 0 },
] as const;
/** An address that calls on an account, whatever number it shows. */
export const trustedAddress = '192.0.2.1';

/** Vouchers that anybody may redeem; the second batch is over soon. */
export const vouchers = [
  { code: '1111222233334444', batchId: 'v', serial: 1, nanos: 800_000_000n, livesSec: null },
  { code: '2222333344445555', batchId: 'v', serial: 2, nanos: 800_000_000n, livesSec: null },
  { code: '3333444455556666', batchId: 'w', serial: 1, nanos: 1_700_000_000n, livesSec: 500 },
] as const;

const indexes = new Map<string, string>();

/** What a voucher is found by, made once for all simulations. */
function indexOfCode(code: string): string {
  const index = indexes.get(code) ?? codeIndex(voucherKey, code);
  indexes.set(code, index);
  return index;
}

/** What resellers earn on payments, in millionths: parts that leave nanos over, by card type or for all; the third earns nothing. */
const commissions = [
  { resellerid: 1, cardtypeid: 0, ppm: 33_333 },
  { resellerid: 2, cardtypeid: 0, ppm: 500_000 },
  { resellerid: 2, cardtypeid: 1, ppm: 142_857 },
] as const;
const customer = { customerId: 'acme', accountCodes: ['a1', 'a2'], creditLimitNanos: 4n * euro } as const;

/** The customer may make so many calls at a time and begin so many in a second, and spend so much an hour; each call takes two minutes of credit at a time. */
export const customerCallsMax = 2;
export const customerCallsPerSecMax = 1;
export const customerSpendPerHourMax = 3n * euro;
const limits = {
  id: 1, name: 'sliced', concurrent_calls_max: customerCallsMax, calls_per_sec_max: customerCallsPerSecMax, call_sec_max: null, spend_per_hour_max: customerSpendPerHourMax,
  spend_per_day_max: null,
  credit_to_call_min: null, credit_policy: 'fixed_slice', slice_sec: 120, slice_amount: null,
};

/** Below which credit it is told that it is low: of a card by its type, of a customer by its own account. */
const thresholds = { card: [euro, 0n], customer: [-euro] } as const;

/** The amounts below which the credit of an account is told to be low. */
export const thresholdsOf = (accountId: string): readonly bigint[] => (isCardAccount(accountId) ? thresholds.card : thresholds.customer);

/** A party as messages name it. */
export type Payer = { readonly case: 'cardId' | 'accountCode'; readonly value: string };

export const payers: readonly Payer[] = [
  ...cards.map(({ id }): Payer => ({ case: 'cardId', value: id })),
  ...customer.accountCodes.map((value): Payer => ({ case: 'accountCode', value })),
];

/** What stands in card's tables of cards and customers; it does not change. */
export function fillStanding(store: Store, startUs: number): void {
  const work = store.begin();
  for (const [id, cents] of [[1, 100], [madeTypeId, 60]] as const) work.write('cardtype', String(id), cardTypeRow(id, cents));
  for (const id of [1, 2, 3]) work.write('reseller', String(id), { resellerid: id });
  for (const policy of policies) work.write('caller_policy', `sw ${policy.trunk}`, { ...policy, switch_id: 'sw', resellerid: 1 });
  work.write('caller_address', trustedAddress, { address: trustedAddress, account_code: customer.accountCodes[0] });
  for (const { code, batchId, serial, nanos, livesSec } of vouchers) {
    const expires = livesSec === null ? null : BigInt(startUs + livesSec * 1_000_000);
    work.write('voucher_batch', batchId, { batch_id: batchId, currency, value: nanos, expires_at_us: expires, resellerid: null });
    const index = indexOfCode(code);
    work.write('voucher', index, { code_index: index, batch_id: batchId, serial });
  }
  for (const [at, row] of commissions.entries()) work.write('commission', String(at + 1), { ...row, nth: BigInt(at + 1) });
  const { customerId, accountCodes } = customer;
  work.write('user_profile', customerId, { customer_id: customerId, voip_plan_id: voipPlanId, currency, dialersetting_id: limits.id, suspended: null });
  work.write('dialer_setting', String(limits.id), limits);
  const scopes = { [lowBalanceScope.cardType(1)]: thresholds.card, [lowBalanceScope.cardType(madeTypeId)]: thresholds.card, [ledgerAccount.customer(customerId)]: thresholds.customer };
  for (const [scope, amounts] of Object.entries(scopes)) work.write('low_balance', scope, { scope, thresholds: amounts });
  for (const code of accountCodes) work.write('account_code', code, { code, customer_id: customerId });
  work.commit();
}

function cardTypeRow(cardTypeId: number, cents: number): Row {
  return {
    cardtypeid: cardTypeId, value: cents, currency, description: '', active: true, tariffid: tariffId, lifetime: cardTypeId === madeTypeId ? livesDays : 0, frequency: 0, startpulse: 0,
    incoming_leg: false, expires_from: 'first_use', expires: null, activates_on_use: false,
  };
}

const keptPins = Promise.all(pins.map(async ({ cardId, pin }) => ({ cardId, ...(await pinSecrets.keep(cardId, pin)) })));

/** Keeps the PINs of cards, as they are kept when they are made; made once for all simulations. */
export async function keepPins(store: Store): Promise<void> {
  const kept = await keptPins;
  const work = store.begin();
  for (const { cardId, blindIndex, hash } of kept) work.write('card_pin', blindIndex.toString('hex'), { cardid: cardId, hash });
  work.commit();
}

/** Opens the ledger accounts with their first money, and tells of cards and customer, as issuing and opening do. */
export async function openBooks(database: Pick<Database, 'transaction'>, aggregates: Pick<Aggregates, 'cards'>, startUs: number): Promise<void> {
  const at = instantUs(startUs);
  await database.transaction(async (tx) => {
    await aggregates.cards.handleIn(tx, cards.flatMap((card) => ordersTo(card, at)));
    await open(tx, at);
  });
}

/** How a card came to be as it is. */
function ordersTo({ id, resellerId, activated, life }: (typeof cards)[number], at: InstantUs) {
  const { livesSec, ...terms }: Life = life;
  const card = { cardTypeId: 1, resellerId, batchId: 'batch', ...terms, expiresOn: livesSec === undefined ? null : instantUs(at + livesSec * 1_000_000) };
  const issue = { id, command: { type: 'Issue', card, at } } as const;
  return activated ? [issue, { id, command: { type: 'Activate', forReseller: null, at } } as const] : [issue];
}

async function open(tx: Sql, at: InstantUs): Promise<void> {
  const { customerId, accountCodes, creditLimitNanos } = customer;
  const terms = { customerId, accountCodes, voipPlanId, currency, postpaid: true, creditLimitNanos, companyName: '' };
  const order = { batchId: 'batch', cardTypeId: 1, resellerId: 1, quantity: cards.length };
  const cardType = { cardTypeId: 1, description: '', valueNanos: euro, currency, tariffId, lifetimeDays: 0, frequencySec: 0, startpulseSec: 0, active: true };
  await openAccounts(tx, [
    ...cards.map(({ id, nanos }) => ({ id: ledgerAccount.card(id), currency, creditNanos: nanos, creditLimitNanos: 0n, class: lowBalanceScope.cardType(1) })),
    { id: ledgerAccount.customer(customerId), currency, creditNanos: 0n, creditLimitNanos, class: lowBalanceScope.allAccounts },
  ]);
  const funding = cards.map(({ id, nanos }) =>
    fundingTransfer({ id: `card_value:${id}`, accountId: ledgerAccount.card(id), currency, amountNanos: nanos, code: 'card_value', postedBy: null }));
  await postTransfers(tx, funding, at);
  await enqueue(tx, root, [
    ...cards.map(({ id }) => cardsIssuedOf({ ...order, batchId: id }, cardType, [id], at)),
    ...accountEventsOf({ type: 'AccountOpened', terms, at }),
  ]);
}
