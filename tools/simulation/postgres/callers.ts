import type { Params } from './expressions.ts';
import type { Plan } from './shapes.ts';
import { keyOf, rowsOf, type Steps, type Work } from './store.ts';
import { alike, listOf, order, type Row } from './values.ts';

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

const endsOf = (row: Row | undefined): bigint[] => listOf(row?.['ends_us'] ?? [], 'bigint').map(wholeOf);

/** A try of each subject, in one order for all who count; what is over is dropped, and the time of a row never runs back. */
function* takeTries(work: Work, [subjects, now, windowUs]: Params): Steps {
  const taken: Row[] = [];
  for (const subject of listOf(subjects, 'text').sort(order)) {
    const first: Row = { subject, clock_us: wholeOf(now), ends_us: [wholeOf(now) + wholeOf(windowUs)] };
    const inserted = yield* work.insert('failed_try', first);
    const before = inserted ?? work.read('failed_try', String(subject)) ?? first;
    const clockUs = wholeOf(before['clock_us']) > wholeOf(now) ? wholeOf(before['clock_us']) : wholeOf(now);
    const counting = endsOf(before).filter((endUs) => endUs > clockUs).sort(order);
    const row = inserted ?? { subject, clock_us: clockUs, ends_us: [...counting, clockUs + wholeOf(windowUs)] };
    if (inserted === undefined) work.write('failed_try', String(subject), row);
    taken.push({ subject, ends_us: row['ends_us'] ?? null });
  }
  return taken;
}

/** Tries that go back: of each subject the one that ends when it is said to. */
function* giveTriesBack(work: Work, [subjects, ends]: Params): Steps {
  const endOf = listOf(ends, 'bigint');
  const tries = listOf(subjects, 'text').map((subject, at) => ({ subject: String(subject), endUs: wholeOf(endOf[at]) }));
  for (const { subject, endUs } of tries.sort((one, other) => order(one.subject, other.subject))) {
    yield* work.lock('failed_try', subject);
    const before = work.read('failed_try', subject);
    const at = endsOf(before).indexOf(endUs);
    if (before !== undefined && at >= 0) work.write('failed_try', subject, { ...before, ends_us: endsOf(before).toSpliced(at, 1) });
  }
  return [];
}

/** The card of a PIN, by what its PIN is found by. */
function* pin(work: Work, [blindIndex]: Params): Steps {
  const row = work.read('card_pin', Buffer.isBuffer(blindIndex) ? blindIndex.toString('hex') : String(blindIndex));
  return row === undefined ? [] : [{ cardId: row['cardid'] ?? null, hash: row['hash'] ?? null }];
}

/** The order by which a caller has a card; of several the eldest. */
function* cliOrder(work: Work, [name, former]: Params): Steps {
  const isOf = (batchId: string) => batchId === name || batchId.startsWith(`${String(name)}-`) || batchId.startsWith(String(former));
  const orders = rowsOf(work, 'card_batch').filter(({ batch_id: batchId }) => isOf(String(batchId)));
  orders.sort((one, other) => order(one['ordered_at'] ?? null, other['ordered_at'] ?? null) || order(one['batch_id'] ?? null, other['batch_id'] ?? null));
  return orders.slice(0, 1).map((row) => ({ batchId: row['batch_id'] ?? null, cardTypeId: row['cardtypeid'] ?? null, resellerId: row['resellerid'] ?? null }));
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
  [/^INSERT INTO failed_try AS t /, takeTries],
  [/^UPDATE failed_try t SET ends_us = /, giveTriesBack],
  [/^SELECT cardid AS "cardId", hash FROM card_pin /, pin],
  [/^SELECT batch_id AS "batchId", .* FROM card_batch WHERE batch_id = \$1 OR /, cliOrder],
  [/^SELECT cardtypeid AS "cardTypeId", .* FROM cardtype WHERE /, cardType],
  [/^SELECT cardid FROM card_state WHERE status IN /, dueCards],
];
