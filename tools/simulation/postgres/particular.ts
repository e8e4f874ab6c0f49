import { present } from '@tollwire/core';
import { reserveAtOnce } from './at-once.ts';
import { breakage } from './breakage.ts';
import { callers } from './callers.ts';
import { expressionOf, type Params } from './expressions.ts';
import { moneyIn } from './money-in.ts';
import { append, proposals } from './proposals.ts';
import { queue } from './outbox.ts';
import { readModels } from './read-models.ts';
import { insertedRows, type Plan, select, type Shape } from './shapes.ts';
import { keyOf, rowsOf, type Steps, type Work } from './store.ts';
import { alike, listOf, order, type Row, type Value } from './values.ts';

function* latestCharges(work: Work, [callKeys]: Params): Steps {
  const wanted = new Set(listOf(callKeys, 'text'));
  const latest = new Map<unknown, Row>();
  for (const row of rowsOf(work, 'charge')) {
    const call = row['call_key'] ?? null;
    if (wanted.has(call) && order(row['nth'] ?? null, latest.get(call)?.['nth'] ?? 0) > 0) latest.set(call, row);
  }
  return [...latest.values()];
}

function* cards(work: Work, [ids]: Params): Steps {
  const wanted = new Set(listOf(ids, 'text'));
  return rowsOf(work, 'card_state').flatMap((card) => {
    const type = work.read('cardtype', String(card['cardtypeid']));
    if (!wanted.has(card['cardid'] ?? null) || type === undefined) return [];
    const used = { is_used: (card['first_used'] ?? null) !== null };
    return [{ ...type, ...card, ...used, deactivated_us: card['deactivated'] ?? null, expires_us: card['expires'] ?? null }];
  });
}

function* customers(work: Work, [codes]: Params): Steps {
  const wanted = new Set(listOf(codes, 'text'));
  return rowsOf(work, 'account_code').flatMap((code) => {
    const profile = work.read('user_profile', String(code['customer_id']));
    return wanted.has(code['code'] ?? null) && profile !== undefined ? [{ ...profile, ...code, gateway_ids: [], gateway_group_ids: [] }] : [];
  });
}

/** What an account or card may do at a time; rows only where there is a rule. */
function* dialingRules(work: Work, [customerIds, cardIds]: Params): Steps {
  const [wantedCustomers, wantedCards] = [new Set(listOf(customerIds, 'text')), new Set(listOf(cardIds, 'text'))];
  const ofCustomers = rowsOf(work, 'user_profile').flatMap((profile): Row[] => {
    const [setting, suspended = null] = [work.read('dialer_setting', String(profile['dialersetting_id'])), profile['suspended']];
    if (!wantedCustomers.has(profile['customer_id'] ?? null) || (setting === undefined && suspended === null)) return [];
    return [{ ...noSetting, ...setting, account_id: `customer:${String(profile['customer_id'])}`, suspended_us: suspended }];
  });
  const ofCards = rowsOf(work, 'card_state').flatMap((card): Row[] => {
    const ofType = work.read('cardtype_dialer_setting', String(card['cardtypeid']));
    const setting = ofType === undefined ? undefined : work.read('dialer_setting', String(ofType['dialersetting_id']));
    if (!wantedCards.has(card['cardid'] ?? null) || setting === undefined) return [];
    return [{ ...noSetting, ...setting, account_id: `card:${String(card['cardid'])}`, suspended_us: null }];
  });
  return [...ofCustomers, ...ofCards];
}

const noSetting: Row = {
  concurrent_calls_max: null, calls_per_sec_max: null, call_sec_max: null, spend_per_hour_max: null, spend_per_day_max: null,
  credit_to_call_min: null, credit_policy: null, slice_sec: null, slice_amount: null,
};

/** Reservations as extension and release see them: one that expired before its call was charged counts as settled. */
function* keptReservations(work: Work, [callKeys]: Params): Steps {
  const wanted = new Set(listOf(callKeys, 'text'));
  const charged = new Set(rowsOf(work, 'charge').map((row) => row['call_key'] ?? null));
  return rowsOf(work, 'reservation').flatMap((row): Row[] => {
    const { call_key: callKey = null, state = null } = row;
    if (!wanted.has(callKey)) return [];
    const isOver = state === 'expired' && charged.has(callKey);
    return [{ ...row, started_at_us: row['started_at_us'] ?? row['reserved_at_us'] ?? null, state: isOver ? 'settled' : state }];
  });
}

/** The receipts of extensions, by call and number. */
function* extensionReceipts(work: Work, [callKeys, sequences]: Params): Steps {
  const numbers = listOf(sequences, 'int');
  return listOf(callKeys, 'text').flatMap((callKey, at): Row[] => {
    const row = work.read('reservation_extension', keyOf('reservation_extension', { call_key: callKey, sequence: numbers[at] ?? null }));
    return row === undefined ? [] : [row];
  });
}

const lockText = /^SELECT id, currency, credit, .* AS thresholds (FROM ledger_account WHERE .+)$/;

/** Accounts, locked one after the other, each with the thresholds that count for it: its own, else those of its class. */
const accounts: Shape = (text) => {
  const [, rest] = lockText.exec(text) ?? [];
  const lock = rest === undefined ? undefined : select(`SELECT * ${rest}`);
  if (lock === undefined) return undefined;
  return function* (work, params) {
    const thresholdsOf = (scope: Value | undefined) => work.read('low_balance', String(scope))?.['thresholds'];
    const rows = yield* lock(work, params);
    return rows.map((row) => ({ ...row, thresholds: thresholdsOf(row['id']) ?? thresholdsOf(row['class']) ?? null }));
  };
};

/** Receipts of events, and which of them are new. */
function* receipts(work: Work, [name, events]: Params): Steps {
  const consumer = rowsOf(work, 'inbox_consumer').find((row) => row['name'] === name)?.['id'];
  if (consumer === undefined) return [{ count: 0, ids: null, known: false }];
  const ids = listOf(events, 'uuid');
  const taken: string[] = [];
  for (const id of ids) {
    const added = yield* work.insert('inbox', { consumer, event_id: id });
    if (added !== undefined) taken.push(String(id));
  }
  // An array of texts, which no column of a table here is.
  const answer: object = { count: taken.length, ids: taken.length < ids.length && taken.length > 0 ? taken : null, known: true };
  return [{ ...answer }];
}

function* nameConsumer(work: Work, [name]: Params): Steps {
  yield* work.insert('inbox_consumer', { name: String(name) });
  return [];
}

function* pending(work: Work, [after]: Params): Steps {
  const behind = rowsOf(work, 'outbox_pending').filter((row) => order(row['position'] ?? null, BigInt(String(after))) > 0);
  const rows = behind.flatMap(({ position = null }): Row[] => {
    const row = work.read('outbox', String(position));
    return row === undefined ? [] : [row];
  });
  return rows.sort((one, other) => order(one['position'] ?? null, other['position'] ?? null));
}

function* published(work: Work, [created, seqs, ids, texts, done]: Params): Steps {
  const [messageIds, positions] = [listOf(ids, 'text'), listOf(texts, 'text')];
  for (const [at, seq] of listOf(seqs, 'bigint').entries()) {
    const message = { message_id: messageIds[at] ?? null, positions: positions[at] ?? null };
    yield* work.insert('outbox_published', { stream_created: String(created), stream_seq: seq, ...message });
  }
  for (const position of listOf(done, 'bigint')) {
    const key = String(position);
    if (work.read('outbox_pending', key) === undefined) continue;
    yield* work.lock('outbox_pending', key);
    if (work.read('outbox_pending', key) !== undefined) work.write('outbox_pending', key, undefined);
  }
  return [];
}

function* letters(work: Work, [consumer, code, after, limit, positions]: Params): Steps {
  const only = positions === null || positions === undefined ? undefined : listOf(positions, 'bigint');
  const wanted = (row: Row) =>
    (consumer === null || row['consumer'] === consumer) &&
    (code === null || row['code'] === code) &&
    order(row['position'] ?? null, BigInt(String(after))) > 0 &&
    (only === undefined || only.some((position) => alike(position, row['position'] ?? null)));
  return rowsOf(work, 'dead_letter').filter(wanted).slice(0, Number(limit));
}

const secondUs = 1_000_000;

/** 5 s after the first try, twice as long after each further one, at most an hour. */
function* dueLetters(work: Work, [codes, limit]: Params): Steps {
  const passing = new Set(listOf(codes, 'text'));
  const due = rowsOf(work, 'dead_letter').filter((row) => {
    const waitSec = Math.min(5 * 2 ** (Math.min(Number(row['tries']), 12) - 1), 3_600);
    return row['consumer'] === 'rate' && passing.has(row['code'] ?? null) && Number(row['parked_at']) + waitSec * secondUs <= work.store.nowUs();
  });
  return due.slice(0, Number(limit)).map((row) => ({ position: row['position'] ?? null }));
}

const parkText = /^(INSERT INTO dead_letter) \(([^)]*)\) SELECT (.+?) FROM unnest\((.+?)\) AS d \(([^)]*)\) ON CONFLICT \(consumer, event_id\) DO UPDATE/;

/** A letter that is there already counts one more try. */
const park: Shape = (text) => {
  const [, begins, columns = '', values = '', args = '', names = ''] = parkText.exec(text) ?? [];
  if (begins === undefined) return undefined;
  const inserted = insertedRows(columns, values, args, names);
  const oneMore = expressionOf('tries + 1');
  return function* (work, params) {
    for (const told of inserted(work, params)) {
      const parkedAt = { parked_at: work.store.nowUs() };
      const added = yield* work.insert('dead_letter', { ...told, ...parkedAt });
      if (added !== undefined) continue;
      const key = keyOf('dead_letter', told);
      const before = present(work.read('dead_letter', key), 'the letter that is there');
      work.write('dead_letter', key, { ...before, ...parkedAt, tries: oneMore(before, params, before, 0), code: told['code'] ?? null, detail: told['detail'] ?? null });
    }
    return [];
  };
};

const ratedText = /^with added as \( insert into rated_call \(([^)]*)\) select (.+?) from unnest\((.+?)\) as r \(([^)]*)\) on conflict do nothing returning call_key\)/;

const rated: Shape = (text) => {
  const [, columns, values = '', args = '', names = ''] = ratedText.exec(text) ?? [];
  if (columns === undefined) return undefined;
  const inserted = insertedRows(columns, values, args, names);
  return function* (work, params) {
    const told = inserted(work, params);
    const added: string[] = [];
    for (const row of told) if ((yield* work.insert('rated_call', row)) !== undefined) added.push(String(row['call_key']));
    const answer: object = { count: added.length, call_keys: added.length < told.length && added.length > 0 ? added : null };
    return [{ ...answer }];
  };
};

function* advisoryLock(work: Work, [name]: Params): Steps {
  yield* work.lock('advisory', String(name));
  return [];
}

function* balance(work: Work, [accountId, cardId]: Params): Steps {
  const account = work.read('ledger_account', String(accountId));
  const card = work.read('card_state', String(cardId));
  if (account === undefined) return [];
  const standing = { deactivated_us: card?.['deactivated'] ?? null, expires_us: card?.['expires'] ?? null };
  return [{ cardid: null, activated: null, ...card, ...standing, ...account }];
}

const known: readonly (readonly [begins: RegExp, plan: Plan])[] = [
  [/^SELECT DISTINCT ON \(call_key\) call_key, nth, revision, account_id, amount, tax, costs FROM charge /, latestCharges],
  [/^SELECT 'customer:' \|\| p\.customer_id AS account_id, .* FROM user_profile p LEFT JOIN dialer_setting d /, dialingRules],
  [/^SELECT call_key, id::text AS id, .* FROM reservation r WHERE call_key = ANY\(\$1::text\[\]\)$/, keptReservations],
  [/^SELECT e\.call_key, e\.sequence, .* JOIN reservation_extension e USING \(call_key, sequence\)$/, extensionReceipts],
  [/^SELECT c\.cardid, c\.activated, .* FROM card_state c JOIN cardtype t /, cards],
  [/^SELECT a\.code, p\.customer_id, .* FROM account_code a JOIN user_profile p /, customers],
  [/^SELECT l\.currency, l\.credit, .* FROM ledger_account l LEFT JOIN card_state c /, balance],
  ...moneyIn,
  ...breakage,
  ...proposals,
  ...callers,
  [/^SELECT pg_advisory_xact_lock/, advisoryLock],
  [/^INSERT INTO inbox_consumer \(name\) VALUES \(\$1\) ON CONFLICT DO NOTHING$/, nameConsumer],
  [/^WITH taken AS \( INSERT INTO inbox /, receipts],
  [/^WITH queued AS \( INSERT INTO outbox /, queue],
  [/^SELECT o\.position, o\.subject, o\.event_count, o\.payload FROM /, pending],
  [/^WITH done AS \( INSERT INTO outbox_published /, published],
  [/^SELECT \* FROM dead_letter WHERE \(\$1::text IS NULL/, letters],
  [/^select position from dead_letter where consumer = 'rate' and code = any/, dueLetters],
];

/** Statements that are like no other: each is known by how it begins, and has a plan of its own. */
export const particular: Shape = (text) => known.find(([begins]) => begins.test(text))?.[1] ?? accounts(text) ?? reserveAtOnce(text) ?? park(text) ?? rated(text) ?? append(text) ?? readModels(text);
