import type { CliOfCard, CodedRefusal } from '@tollwire/contracts';
import { ok, present, refuse } from '@tollwire/core';
import type { InstantUs, Result } from '@tollwire/core';
import { whileTransient } from '@tollwire/event-store';
import type { EventMeta, Sql } from '@tollwire/event-store';
import type { Aggregates, CardDeps } from '../card.deps.ts';
import { refusable } from '../ledger/refusable.ts';
import { unknownParty } from '../wire/party.ts';
import { textOf } from '../wire/text.ts';
import { cliOf } from './cli.ts';

/** Callers that an operator may bind to a card. */
export const clisOfCardMax = 100;
/** How often a binding is begun anew after another writer was first. */
const attemptsMax = 10;

type BindDeps = Pick<CardDeps, 'database' | 'clock' | 'wakeRelay'>;

/** A caller and the card that it is to call with. */
export interface Binding {
  readonly cardId: string;
  readonly cli: string;
}

export interface Bound {
  readonly cardId: string;
  readonly clis: string[];
}

// A caller is the card's that first has it; the insert waits for whoever else is claiming it. One that no card has is free.
const claimCli = `
  INSERT INTO cid (cid, resellerid, cardid, createtime) SELECT $1::bigint, resellerid, cardid, from_us($3::bigint) FROM card_state WHERE cardid = $2
  ON CONFLICT (cid) DO UPDATE SET cardid = excluded.cardid, resellerid = excluded.resellerid, createtime = excluded.createtime WHERE cid.cardid IS NULL`;
const selectHolder = 'SELECT cidid, cardid FROM cid WHERE cid = $1::bigint';
const freeCli = 'UPDATE cid SET cardid = NULL WHERE cid = $1::bigint AND cardid = $2';

/** Reads which caller and which card are meant. Refuses a number that is not international. */
export function bindingOf({ cardId, cli }: CliOfCard): Result<Binding, CodedRefusal> {
  const id = textOf(cardId, 'cardId', 64);
  if (!id.ok) return id;
  const number = cliOf(cli);
  if (number === null) return refuse({ code: 'number_not_international', field: 'cli', detail: 'Give the number in international form, as +43… or 0043….' });
  return ok({ cardId: id.value, cli: number });
}

/** Binds a caller to a card that has fewer than `cliMax`; bound already, nothing changes. Refuses unknown_card, cli_taken, too_many_clis, card_deactivated. */
export async function bindCli(deps: BindDeps, aggregates: Aggregates, binding: Binding, cliMax: number, meta: EventMeta): Promise<Result<Bound, CodedRefusal>> {
  const { cardId, cli } = binding;
  return await changed(deps, async (tx, at) => {
    await tx.query(claimCli, [cli, cardId, at]);
    const [holder] = await tx.query<{ cidid: number; cardid: string | null }>(selectHolder, [cli]);
    if (holder === undefined) return refuse(unknownParty({ kind: 'card', cardId }));
    if (holder.cardid !== cardId) return refuse({ code: 'cli_taken', field: 'cli', detail: 'Unbind the caller from its card first.' });
    return await decide(tx, aggregates, cardId, { type: 'Bind', caller: { cli, cidId: holder.cidid }, cliMax, at }, meta);
  });
}

/** Frees a caller of a card; not bound to it, nothing changes. Refuses unknown_card. */
export async function unbindCli(deps: BindDeps, aggregates: Aggregates, { cardId, cli }: Binding, meta: EventMeta): Promise<Result<Bound, CodedRefusal>> {
  return await changed(deps, async (tx, at) => {
    await tx.query(freeCli, [cli, cardId]);
    return await decide(tx, aggregates, cardId, { type: 'Unbind', cli, at }, meta);
  });
}

type Command = Parameters<Aggregates['cards']['handle']>[1];

async function decide(tx: Sql, { cards }: Aggregates, cardId: string, command: Command, meta: EventMeta): Promise<Result<Bound, CodedRefusal>> {
  const [answer] = await cards.handleIn(tx, [{ id: cardId, command, meta }]);
  const decided = present(answer, 'an answer for the command');
  if (!decided.ok) return decided;
  const { state } = decided.value;
  return ok({ cardId, clis: state.phase === 'none' ? [] : state.clis.map((bound) => bound.cli) });
}

async function changed(deps: BindDeps, work: (tx: Sql, at: InstantUs) => Promise<Result<Bound, CodedRefusal>>): Promise<Result<Bound, CodedRefusal>> {
  const done = await whileTransient(attemptsMax, () => refusable(deps.database, (tx) => work(tx, deps.clock.nowUs())));
  if (done.ok) deps.wakeRelay();
  return done;
}
