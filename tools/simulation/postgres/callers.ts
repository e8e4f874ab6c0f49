import type { Params } from './expressions.ts';
import type { Plan } from './shapes.ts';
import { keyOf, rowsOf, type Steps, type Work } from './store.ts';
import { alike, listOf, order, type Row, type Value } from './values.ts';

const wholeOf = (value: unknown): bigint => BigInt(String(value));

/** The cards that calling numbers are bound to. */
function* boundClis(work: Work, [clis]: Params): Steps {
  return listOf(clis, 'bigint').flatMap((cli): Row[] => {
    const row = work.read('cid', String(cli));
    return row === undefined || (row['cardid'] ?? null) === null ? [] : [{ key: String(cli), cardid: row['cardid'] ?? null }];
  });
}

/** The account codes of registered addresses. */
function* addresses(work: Work, [asked]: Params): Steps {
  return listOf(asked, 'text').flatMap((address): Row[] => {
    const row = work.read('caller_address', String(address));
    return row === undefined ? [] : [{ key: address, code: row['account_code'] ?? null }];
  });
}

/** What is done with callers whom nobody knows: a trunk's own policy, else its switch's, else the one for everywhere. */
function* policy(work: Work, [switchId, trunk]: Params): Steps {
  const keys = [[switchId, trunk], [switchId, ''], ['', '']] as const;
  for (const [ofSwitch, ofTrunk] of keys) {
    const row = work.read('caller_policy', keyOf('caller_policy', { switch_id: String(ofSwitch), trunk: String(ofTrunk) }));
    if (row === undefined) continue;
    const terms = { unknownCli: row['unknown_cli'] ?? null, cardTypeId: row['cardtypeid'] ?? null, resellerId: row['resellerid'] ?? null, bindMax: row['bind_max'] ?? null };
    return [{ switchId: String(ofSwitch), trunk: String(ofTrunk), ...terms }];
  }
  return [];
}

/** A number is the card's that first has it; one that no card has is free. Whoever claims it too waits. */
function* claim(work: Work, [cli, cardId, at]: Params): Steps {
  const card = work.read('card_state', String(cardId));
  if (card === undefined) return [];
  const told = { resellerid: card['resellerid'] ?? null, cardid: String(cardId), createtime: wholeOf(at) };
  if ((yield* work.insert('cid', { cid: wholeOf(cli), ...told })) !== undefined) return [];
  const before = work.read('cid', String(cli));
  if (before !== undefined && (before['cardid'] ?? null) === null) work.write('cid', String(cli), { ...before, ...told });
  return [];
}

/** A number that a card has is nobody's again. */
function* free(work: Work, [cli, cardId]: Params): Steps {
  if (work.read('cid', String(cli)) === undefined) return [];
  yield* work.lock('cid', String(cli));
  const row = work.read('cid', String(cli));
  if (row !== undefined && alike(row['cardid'] ?? null, String(cardId))) work.write('cid', String(cli), { ...row, cardid: null });
  return [];
}

/** The places where tries are counted, in one order for all who count. */
function placesOf([kinds, values, sinces]: Params): { readonly kind: Value; readonly value: Value; readonly since: Value }[] {
  const [given, windows] = [listOf(values, 'text'), Array.isArray(sinces) || Buffer.isBuffer(sinces) ? listOf(sinces, 'bigint') : []];
  const places = listOf(kinds, 'text').map((kind, at) => ({ kind, value: given[at] ?? null, since: windows[at] ?? null }));
  return places.sort((one, other) => order(one.kind, other.kind) || order(one.value, other.value));
}

/** A try of each place, in its window or in the first of a new one. */
function* takeTries(work: Work, [kinds, values, now, over]: Params): Steps {
  const taken: Row[] = [];
  for (const { kind, value } of placesOf([kinds, values])) {
    const first: Row = { kind, value, tries: 1, since: wholeOf(now) };
    const inserted = yield* work.insert('pin_try', first);
    const before = inserted ?? work.read('pin_try', keyOf('pin_try', first)) ?? first;
    const isOver = wholeOf(before['since']) <= wholeOf(over);
    const row = inserted ?? (isOver ? first : { ...before, tries: Number(before['tries']) + 1 });
    if (inserted === undefined) work.write('pin_try', keyOf('pin_try', first), row);
    taken.push({ kind, value, tries: row['tries'] ?? null, since_us: row['since'] ?? null });
  }
  return taken;
}

/** Tries that go back: `isSame` says whether to the window that they were taken in only. */
function givingBack(isSame: (row: Row, since: Value) => boolean): Plan {
  return function* (work, params) {
    for (const { kind, value, since } of placesOf(params)) {
      const none: Row = { kind, value, tries: 0, since: wholeOf(since) };
      if ((yield* work.insert('pin_try', none)) !== undefined) continue;
      const before = work.read('pin_try', keyOf('pin_try', none));
      if (before !== undefined && isSame(before, since)) work.write('pin_try', keyOf('pin_try', none), { ...before, tries: Math.max(0, Number(before['tries']) - 1) });
    }
    return [];
  };
}

/** The card of a PIN, by what its PIN is found by. */
function* pin(work: Work, [blindIndex]: Params): Steps {
  const row = work.read('card_pin', Buffer.isBuffer(blindIndex) ? blindIndex.toString('hex') : String(blindIndex));
  return row === undefined ? [] : [{ cardId: row['cardid'] ?? null, hash: row['hash'] ?? null }];
}

/** The terms of a card type. */
function* cardType(work: Work, [id]: Params): Steps {
  const row = work.read('cardtype', String(id));
  if (row === undefined) return [];
  const named = { cardTypeId: 'cardtypeid', tariffId: 'tariffid', lifetimeDays: 'lifetime', frequencySec: 'frequency', startpulseSec: 'startpulse', incomingLeg: 'incoming_leg' };
  const terms = Object.entries({ ...named, expiresFrom: 'expires_from', expiresUs: 'expires', activatesOnUse: 'activates_on_use' });
  return [{ ...row, ...Object.fromEntries(terms.map(([name, column]) => [name, row[column] ?? null])) }];
}

/** Cards that are due, of which nobody has noted that they expired. */
function* dueCards(work: Work, [now]: Params): Steps {
  const living = rowsOf(work, 'card_state').filter(({ status, expires = null }) => (status === 'issued' || status === 'active') && expires !== null && wholeOf(expires) <= wholeOf(now));
  return living.sort((one, other) => order(one['expires'] ?? null, other['expires'] ?? null)).map(({ cardid = null }) => ({ cardid }));
}

/** Statements of who is calling, and of the life of cards. */
export const callers: readonly (readonly [begins: RegExp, plan: Plan])[] = [
  [/^SELECT cid::text AS key, cardid FROM cid /, boundClis],
  [/^SELECT k\.address AS key, a\.account_code AS code FROM unnest/, addresses],
  [/^SELECT switch_id AS "switchId", .* FROM caller_policy WHERE \(switch_id = \$1/, policy],
  [/^INSERT INTO cid \(cid, resellerid, cardid, createtime\) SELECT /, claim],
  [/^UPDATE cid SET cardid = NULL WHERE /, free],
  [/^INSERT INTO pin_try \(kind, value, tries, since\) SELECT kind, value, 1, /, takeTries],
  [/^INSERT INTO pin_try \(kind, value, tries, since\) SELECT kind, value, 0, .* WHERE pin_try\.since = excluded\.since$/, givingBack((row, since) => alike(row['since'] ?? null, since))],
  [/^INSERT INTO pin_try \(kind, value, tries, since\) SELECT kind, value, 0, /, givingBack(() => true)],
  [/^SELECT cardid AS "cardId", hash FROM card_pin /, pin],
  [/^SELECT cardtypeid AS "cardTypeId", .* FROM cardtype WHERE /, cardType],
  [/^SELECT cardid FROM card_state WHERE status IN /, dueCards],
];
