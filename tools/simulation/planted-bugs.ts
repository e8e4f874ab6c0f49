import { runReaction } from '@tollwire/event-store';
import { honest } from './postgres/session.ts';
import type { Row } from './postgres/values.ts';
import type { Planted } from './world.ts';

const isLock = (text: string): boolean => text.includes('FROM ledger_account') && text.includes('FOR UPDATE');
const isLatestCharges = (text: string): boolean => text.includes('DISTINCT ON (call_key)');
const isExtension = (text: string): boolean => text.includes('UPDATE reservation r');

/**
 * Bugs that a hurried change might bring in, each told as what it does to the real code. They show that a simulation that
 * finds nothing would have found something; nothing else uses them.
 */
export const plantedBugs: Readonly<Record<string, Planted>> = {
  'skips-the-inbox': { runReaction: (database, reaction, events) => runReaction(database, { ...reaction, receipts: 'own' }, events) },
  'acknowledges-before-the-commit': { acknowledgesFirst: true },
  'reserves-blindly': reading(isLock, (rows) => rows.map(blindly)),
  'settles-any-revision': reading(isLatestCharges, (rows) => rows.map((row) => ({ ...row, revision: 0 }))),
  'forgets-the-lock': { tamper: () => ({ ...honest, statement: ({ text, params }) => ({ text: isLock(text) ? text.replace('FOR UPDATE', '') : text, params }) }) },
  'books-anew': reading(isLatestCharges, (rows) => rows.map((row) => ({ ...row, tax: 0n, costs: null }))),
  'tells-of-no-threshold': reading(isLock, (rows) => rows.map((row) => ({ ...row, thresholds: null }))),
  'dials-without-limit': reading((text) => text.includes('LEFT JOIN dialer_setting'), () => []),
  'forgets-extensions': reading((text) => text.includes('JOIN reservation_extension'), () => []),
  'takes-back-anew': reading((text) => text.includes('FROM payment p'), (rows) => rows.map(asIfWhole)),
  'wins-a-voucher-twice': { tamper: () => ({ ...honest, rows: (text, rows) => (text.includes('voucher_redemption') ? asIfFirst(text) : rows) }) },
  'revives-under-the-old-id': { tamper: () => ({ ...honest, statement: ({ text, params }) => ({ text: isExtension(text) ? text.replace('id = n.id, ', '') : text, params }) }) },
};

/** What is reserved for other calls counts as free, as if the account might be overdrawn by it. */
const blindly = (row: Row): Row => ({ ...row, credit_limit: BigInt(String(row['credit_limit'])) + BigInt(String(row['reserved'])) });

/** Of a payment nothing has gone back. */
const asIfWhole = (row: Row): Row => ({ ...row, reversals: [] });

/** Nobody has redeemed a voucher before, and whoever does so wins. */
const asIfFirst = (text: string): Row[] => (text.includes('INSERT') ? [{ batch_id: 'v' }] : []);

/** What is read by some statements is changed on its way to the code. */
function reading(isMeant: (text: string) => boolean, change: (rows: Row[]) => Row[]): Planted {
  return { tamper: () => ({ ...honest, rows: (text, rows) => (isMeant(text) ? change(rows) : rows) }) };
}
