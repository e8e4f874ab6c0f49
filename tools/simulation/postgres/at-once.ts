import { present } from '@tollwire/core';
import type { Params } from './expressions.ts';
import { queue } from './outbox.ts';
import { insert, type Plan, type Shape, update } from './shapes.ts';
import { PostgresError } from './store.ts';

const reserveText = new RegExp(
  String.raw`^WITH saved AS \((UPDATE ledger_account .+?) AND a\.id IN \(SELECT .+? SKIP LOCKED\)( RETURNING a\.id)\), `
    + String.raw`opened AS \((INSERT INTO reservation .+?)\), queued AS \(INSERT INTO outbox .+? substring\(\$(\d+)::bytea .+?\), `
    + String.raw`pending AS \(.+?\) SELECT all_unmoved\(\$(\d+)::bigint, .+\)$`,
);

/** Reservations written in one statement: accounts, reservations and what is told of them, all of it or, where an account moved, nothing. */
export const reserveAtOnce: Shape = (text) => {
  const [, saves, returning = '', opens = '', payloads, wanted] = reserveText.exec(text) ?? [];
  if (saves === undefined) return undefined;
  const save: Plan = present(update(saves + returning), 'how accounts are saved');
  const open: Plan = present(insert(opens), 'how reservations are opened');
  const valueAt = (params: Params, number: string | undefined) => params[Number(number) - 1];
  return function* (work, params) {
    const saved = yield* save(work, params);
    yield* open(work, params);
    yield* queue(work, params.slice(Number(payloads) - 1));
    if (BigInt(saved.length) !== BigInt(String(valueAt(params, wanted)))) throw new PostgresError('TW001', `Only ${saved.length} accounts are as they were read`);
    return [{ all_unmoved: true }];
  };
};
