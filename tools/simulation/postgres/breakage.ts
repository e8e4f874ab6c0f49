import type { Params } from './expressions.ts';
import type { Plan } from './shapes.ts';
import { rowsOf, type Steps, type Work } from './store.ts';
import { listOf, type Row } from './values.ts';

const deactivated = (card: Row): boolean => (card['deactivated'] ?? null) !== null;
/** When a card expires; undefined of one that never does. */
const expiryOf = ({ expires = null }: Row): bigint | undefined => (expires === null ? undefined : BigInt(String(expires)));
const wholeOf = (value: unknown): bigint => BigInt(String(value));

/** Whether a card had expired by an instant, and was not deactivated. */
function isDue(card: Row, before: unknown): boolean {
  const expiresUs = expiryOf(card);
  return !deactivated(card) && expiresUs !== undefined && expiresUs <= wholeOf(before);
}

/** Cards that are due and have credit, of which nothing is reserved. */
function* due(work: Work, [before]: Params): Steps {
  return rowsOf(work, 'card_state').flatMap((card): Row[] => {
    const { cardid = null } = card;
    const account = work.read('ledger_account', `card:${String(cardid)}`);
    return account !== undefined && isDue(card, before) && wholeOf(account['credit']) > 0n && wholeOf(account['reserved']) === 0n ? [{ cardid }] : [];
  });
}

/** Of these cards those that are due still, with the number that their next breakage has. */
function* stillDue(work: Work, [before, ids]: Params): Steps {
  const wanted = new Set(listOf(ids, 'text'));
  const cards = rowsOf(work, 'card_state').filter((card) => wanted.has(card['cardid'] ?? null) && isDue(card, before));
  const brokenOf = (card: Row) => rowsOf(work, 'broken_credit').filter((row) => row['cardid'] === card['cardid']);
  return cards.map((card) => ({ cardid: card['cardid'] ?? null, nth: 1 + Math.max(0, ...brokenOf(card).map(({ nth }) => Number(nth))) }));
}

/** Cards that live again and have credit that was broken. */
function* extended(work: Work, [at]: Params): Steps {
  return rowsOf(work, 'broken_credit').flatMap(({ cardid = null, restored_at_us: restored = null }): Row[] => {
    const card = work.read('card_state', String(cardid));
    if (restored !== null || card === undefined || deactivated(card)) return [];
    return (expiryOf(card) ?? wholeOf(at) + 1n) > wholeOf(at) ? [{ cardid }] : [];
  });
}

/** Closes what is broken of cards, each once: looked at again under its lock. */
function* close(work: Work, [ids, at]: Params): Steps {
  const wanted = new Set(listOf(ids, 'text'));
  const isMeant = (row: Row | undefined): row is Row => row !== undefined && wanted.has(row['cardid'] ?? null) && (row['restored_at_us'] ?? null) === null;
  const closed: Row[] = [];
  for (const [key, seen] of work.scan('broken_credit')) {
    if (!isMeant(seen)) continue;
    yield* work.lock('broken_credit', key);
    const row = work.read('broken_credit', key);
    if (!isMeant(row)) continue;
    work.write('broken_credit', key, { ...row, restored_at_us: wholeOf(at) });
    closed.push(row);
  }
  return closed;
}

/** Statements of credit that goes to breakage and comes back. */
export const breakage: readonly (readonly [begins: RegExp, plan: Plan])[] = [
  [/^SELECT c\.cardid FROM card_state c JOIN ledger_account l /, due],
  [/^SELECT c\.cardid, coalesce\(\(SELECT max\(nth\) FROM broken_credit /, stillDue],
  [/^SELECT b\.cardid FROM broken_credit b JOIN card_state c /, extended],
  [/^UPDATE broken_credit SET restored_at_us = /, close],
];
