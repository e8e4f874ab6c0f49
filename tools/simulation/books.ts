import { instantUs } from '@tollwire/core';
import { type Database, enqueue, type Sql } from '@tollwire/event-store';
import { fundingTransfer, isCardAccount, ledgerAccount } from '../../services/card/src/domain/ledger.ts';
import { lowBalanceScope } from '../../services/card/src/domain/low-balance.ts';
import { openAccounts } from '../../services/card/src/ledger/open-accounts.ts';
import { postTransfers } from '../../services/card/src/ledger/transfers.ts';
import { codeIndex } from '../../services/card/src/money/voucher-codes.ts';
import { accountEventsOf, cardsIssuedOf } from '../../services/card/src/wire/public-events.ts';
import type { Store } from './postgres/store.ts';
import { tariffId, voipPlanId } from './prices.ts';
import { root, voucherKey } from './processes.ts';

const euro = 1_000_000_000n;
const currency = 'EUR';

/** Who pays: one card that soon runs dry, one that is rich, one that expires, and a customer with two account codes and a limit. */
const cards = [
  { id: '0001', nanos: 2n * euro, livesSec: null, resellerId: 1 },
  { id: '0002', nanos: 40n * euro, livesSec: null, resellerId: 2 },
  { id: '0003', nanos: 5n * euro, livesSec: 150, resellerId: 3 },
] as const;

/** Vouchers that anybody may redeem; the second batch is over soon. */
export const vouchers = [
  { code: '1111222233334444', batchId: 'v', serial: 1, nanos: 800_000_000n, livesSec: null },
  { code: '2222333344445555', batchId: 'v', serial: 2, nanos: 800_000_000n, livesSec: null },
  { code: '3333444455556666', batchId: 'w', serial: 1, nanos: 1_700_000_000n, livesSec: 500 },
] as const;

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
  work.write('cardtype', '1', { cardtypeid: 1, tariffid: tariffId, startpulse: 0, frequency: 0, incoming_leg: false, currency });
  for (const { code, batchId, serial, nanos, livesSec } of vouchers) {
    const expires = livesSec === null ? null : BigInt(startUs + livesSec * 1_000_000);
    work.write('voucher_batch', batchId, { batch_id: batchId, currency, value: nanos, expires_at_us: expires, resellerid: null });
    const index = codeIndex(voucherKey, code);
    work.write('voucher', index, { code_index: index, batch_id: batchId, serial });
  }
  for (const [at, row] of commissions.entries()) work.write('commission', String(at + 1), { ...row, nth: BigInt(at + 1) });
  for (const { id, livesSec, resellerId } of cards) {
    const expires = livesSec === null ? null : BigInt(startUs + livesSec * 1_000_000);
    // Each has been used: the first use is an order to the card, and none is simulated.
    const life = { activated: true, activates_on_use: false, suspension: null, first_used: BigInt(startUs), deactivated: null, expires };
    work.write('card_state', id, { cardid: id, cardtypeid: 1, resellerid: resellerId, ...life });
  }
  const { customerId, accountCodes } = customer;
  work.write('user_profile', customerId, { customer_id: customerId, voip_plan_id: voipPlanId, currency, dialersetting_id: limits.id, suspended: null });
  work.write('dialer_setting', String(limits.id), limits);
  const scopes = { [lowBalanceScope.cardType(1)]: thresholds.card, [ledgerAccount.customer(customerId)]: thresholds.customer };
  for (const [scope, amounts] of Object.entries(scopes)) work.write('low_balance', scope, { scope, thresholds: amounts });
  for (const code of accountCodes) work.write('account_code', code, { code, customer_id: customerId });
  work.commit();
}

/** Opens the ledger accounts with their first money, and tells of cards and customer, as issuing and opening do. */
export async function openBooks(database: Pick<Database, 'transaction'>, startUs: number): Promise<void> {
  await database.transaction((tx) => open(tx, startUs));
}

async function open(tx: Sql, startUs: number): Promise<void> {
  const at = instantUs(startUs);
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
