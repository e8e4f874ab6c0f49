import { runReaction } from '@tollwire/event-store';
import { honest } from './postgres/session.ts';
import { listOf, type Row } from './postgres/values.ts';
import type { Planted } from './world.ts';

const isAtOnce = (text: string): boolean => text.includes('all_unmoved');
const isLock = (text: string): boolean => text.includes('FROM ledger_account') && text.includes('FOR UPDATE') && !isAtOnce(text);
const isAccounts = (text: string): boolean => text.includes('FROM ledger_account WHERE id = ANY') && !isAtOnce(text);
const isLatestCharges = (text: string): boolean => text.includes('DISTINCT ON (call_key)');
const isCards = (text: string): boolean => text.includes('FROM card_state c JOIN cardtype t');
const isHistory = (text: string): boolean => text.includes('FROM event WHERE stream');
const isExtension = (text: string): boolean => text.includes('UPDATE reservation r');

/**
 * Bugs that a hurried change might bring in, each told as what it does to the real code. They show that a simulation that
 * finds nothing would have found something; nothing else uses them.
 */
export const plantedBugs: Readonly<Record<string, Planted>> = {
  'skips-the-inbox': { runReaction: (database, reaction, events) => runReaction(database, { ...reaction, receipts: 'own' }, events) },
  'acknowledges-before-the-commit': { acknowledgesFirst: true },
  'reserves-blindly': reading(isAccounts, (rows) => rows.map(blindly)),
  'settles-any-revision': reading(isLatestCharges, (rows) => rows.map((row) => ({ ...row, revision: 0 }))),
  'forgets-the-lock': { tamper: () => ({ ...honest, statement: ({ text, params }) => ({ text: isLock(text) ? text.replace('FOR UPDATE', '') : text, params }) }) },
  'reserves-as-it-was': { tamper: () => ({ ...honest, statement: ({ text, params }) => ({ text: isAtOnce(text) ? text.replace(' AND a.version = n.version', '') : text, params }) }) },
  'books-anew': reading(isLatestCharges, (rows) => rows.map((row) => ({ ...row, tax: 0n, costs: null }))),
  'tells-of-no-threshold': reading(isAccounts, (rows) => rows.map((row) => ({ ...row, thresholds: null }))),
  'dials-without-limit': unlimited('concurrent_calls_max'),
  'forgets-extensions': reading((text) => text.includes('JOIN reservation_extension'), () => []),
  'takes-back-anew': reading((text) => text.includes('FROM payment p'), (rows) => rows.map(asIfWhole)),
  'wins-a-voucher-twice': { tamper: () => ({ ...honest, rows: (text, rows) => (text.includes('voucher_redemption') ? asIfFirst(text) : rows) }) },
  'spends-without-limit': unlimited('spend_per_hour_max'),
  'begins-without-limit': unlimited('calls_per_sec_max'),
  'brings-back-what-is-back': reading((text) => text.includes('UPDATE broken_credit'), (rows) => [...rows, ...rows]),
  'withholds-broken-credit': reading((text) => text.includes('FROM broken_credit b JOIN card_state'), () => []),
  'approves-alone': reading(isHistory, (rows) => rows.map(asIfBySomebodyElse)),
  'revives-under-the-old-id': { tamper: () => ({ ...honest, statement: ({ text, params }) => ({ text: isExtension(text) ? text.replace('id = n.id, ', '') : text, params }) }) },
  'forgets-the-first-use': reading(isCards, (rows) => rows.map((row) => ({ ...row, is_used: true }))),
  'uses-for-the-first-time-again': reading((text) => isCards(text) || isHistory(text), (rows) => rows.map((row) => ({ ...withoutEffect(row, 'CardFirstUsed', 'CardPaid'), is_used: false }))),
  'calls-on-expired-cards': reading(isCards, (rows) => rows.map((row) => ({ ...row, expires_us: null }))),
  'shortens-lives': reading(isHistory, (rows) => rows.map((row) => withoutEffect(row, 'CardExtended', 'CardSold'))),
  'forgives-a-try': reading((text) => text.includes('INTO failed_try'), (rows) => rows.map((row) => ({ ...row, ends_us: listOf(row['ends_us'], 'bigint').slice(1) }))),
  'binds-without-limit': reading((text) => text.includes('FROM caller_policy'), (rows) => rows.map((row) => ({ ...row, bindMax: 100 }))),
  'makes-another-card': reading(isHistory, (rows) => rows.map((row) => withoutEffect(row, 'CardsMade', 'PinsMade'))),
};

/** An event counts as one of another kind, which changes nothing. */
const withoutEffect = (row: Row, type: string, none: string): Row => (row['type'] === type ? { ...row, type: none } : row);

/** What is reserved for other calls counts as free, as if the account might be overdrawn by it. */
const blindly = (row: Row): Row => ({ ...row, credit_limit: BigInt(String(row['credit_limit'])) + BigInt(String(row['reserved'])) });

/** Of a payment nothing has gone back. */
const asIfWhole = (row: Row): Row => ({ ...row, reversals: [] });

/** Whoever proposed a credit, it was another. */
const asIfBySomebodyElse = (row: Row): Row => ({ ...row, data: String(row['data']).replace(/"by":"\w+"/, '"by":"eve"') });

/** Nobody has redeemed a voucher before, and whoever does so wins. */
const asIfFirst = (text: string): Row[] => (text.includes('INSERT') ? [{ batch_id: 'v' }] : []);

/** A limit that is set counts as none. */
function unlimited(limit: string): Planted {
  return reading((text) => text.includes('LEFT JOIN dialer_setting'), (rows) => rows.map((row) => ({ ...row, [limit]: null })));
}

/** What is read by some statements is changed on its way to the code. */
function reading(isMeant: (text: string) => boolean, change: (rows: Row[]) => Row[]): Planted {
  return { tamper: () => ({ ...honest, rows: (text, rows) => (isMeant(text) ? change(rows) : rows) }) };
}
