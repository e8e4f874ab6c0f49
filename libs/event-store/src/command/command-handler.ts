import type { PublicEvent } from '@tollwire/contracts';
import { type Decider, type Event, ok, present, type Refusal, refuse, type Result } from '@tollwire/core';
import { enqueue } from '../outbox/enqueue.ts';
import type { ReadModel } from '../projection/apply.ts';
import type { Database } from '../sql/database.ts';
import type { Sql } from '../sql/sql.ts';
import { append, StreamConflict } from '../stream/append.ts';
import { loadMany } from '../stream/load.ts';
import type { EventMeta, Recorded } from '../stream/recorded.ts';

/** How the commands of one kind of aggregate are carried out. */
export interface CommandHandlerOptions<State, Command, E extends Event, R extends Refusal> {
  readonly database: Pick<Database, 'transaction'>;
  readonly decider: Decider<State, Command, E, R>;
  /** The stream of an aggregate: `card-0042`. */
  readonly streamOf: (id: string) => string;
  /** Read models kept in the same transaction; see readModel. */
  readonly projections?: readonly ReadModel<E>[];
  /** First token of the subjects that are published on. */
  readonly root: string;
  /** What others are told of an event; none for a private one. */
  readonly publish?: (recorded: Recorded<E>) => readonly PublicEvent[];
  /** Called after a commit that put something into the outbox; the relay's `wake`. */
  readonly afterPublish?: () => void;
}

/** One command for one aggregate. */
export interface CommandItem<Command> {
  readonly id: string;
  readonly command: Command;
  readonly meta?: EventMeta;
}

/** What a command led to: the new events (none if it had been carried out before) and the state after them. */
export interface Handled<State, E extends Event> {
  readonly state: State;
  readonly version: number;
  readonly events: readonly E[];
}

/** Carries out commands: load, decide, append, project, publish, in one transaction. */
export interface CommandHandler<State, Command, E extends Event, R extends Refusal> {
  /** One command; tried again when another writer was first. */
  handle(id: string, command: Command, meta?: EventMeta): Promise<Result<Handled<State, E>, R>>;
  /**
   * Many commands in one transaction with a fixed number of statements, decided in the order given, each upon what
   * those before it led to. Each has its own answer: a refusal of one leaves the others be.
   */
  handleMany(items: readonly CommandItem<Command>[]): Promise<Result<Handled<State, E>, R>[]>;
  /** As handleMany inside of a transaction of the caller, who tries again as a whole on StreamConflict. */
  handleIn(tx: Sql, items: readonly CommandItem<Command>[]): Promise<Result<Handled<State, E>, R>[]>;
}

/** Who carries out the commands of a decider. */
export type HandlerOf<D> = D extends Decider<infer State, infer Command, infer E, infer R> ? CommandHandler<State, Command, E, R> : never;

/** How often a command is decided anew after another writer was first, before the conflict is thrown. */
const ATTEMPTS_MAX = 10;

/** Makes the handler of one kind of aggregate. */
export function commandHandler<State, Command, E extends Event, R extends Refusal>(
  options: CommandHandlerOptions<State, Command, E, R>,
): CommandHandler<State, Command, E, R> {
  const handleIn = async (tx: Sql, items: readonly CommandItem<Command>[]) => (await carryOut(options, tx, items)).answers;
  const handleMany = async (items: readonly CommandItem<Command>[]) => {
    const done = await retried(() => options.database.transaction((tx) => carryOut(options, tx, items), { byKey: true }));
    if (done.published > 0) options.afterPublish?.();
    return done.answers;
  };
  return {
    handleIn,
    handleMany,
    async handle(id, command, meta) {
      const [answer] = await handleMany([{ id, command, ...(meta === undefined ? {} : { meta }) }]);
      return present(answer, 'an answer for the command');
    },
  };
}

async function retried<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StreamConflict) || attempt === ATTEMPTS_MAX) throw error;
    }
  }
}

/** A stream while a batch is being decided. */
interface Open<State, E extends Event> {
  readonly stream: string;
  state: State;
  version: number;
  readonly added: Recorded<E>[];
}

interface CarriedOut<State, E extends Event, R extends Refusal> {
  readonly answers: Result<Handled<State, E>, R>[];
  readonly published: number;
}

async function carryOut<State, Command, E extends Event, R extends Refusal>(
  options: CommandHandlerOptions<State, Command, E, R>,
  tx: Sql,
  items: readonly CommandItem<Command>[],
): Promise<CarriedOut<State, E, R>> {
  const open = await openStreams(options, tx, items);
  const answers = items.map((item) => decideOne(options.decider, present(open.get(item.id), 'the stream of a command'), item));
  const recorded = [...open.values()].flatMap(({ added }) => added);
  await append(tx, recorded.map(({ stream, version, event, meta }) => ({ stream, expectedVersion: version - 1, events: [event], meta })));
  for (const model of options.projections ?? []) await model.apply(tx, recorded);
  const toPublish = recorded.flatMap((event) => options.publish?.(event) ?? []);
  await enqueue(tx, options.root, toPublish);
  return { answers, published: toPublish.length };
}

async function openStreams<State, Command, E extends Event, R extends Refusal>(
  { decider, streamOf }: CommandHandlerOptions<State, Command, E, R>,
  tx: Sql,
  items: readonly CommandItem<Command>[],
): Promise<Map<string, Open<State, E>>> {
  const streams = new Map(items.map(({ id }) => [id, streamOf(id)]));
  const loaded = await loadMany<E>(tx, [...streams.values()]);
  return new Map([...streams].map(([id, stream]) => {
    const { events, version } = present(loaded.get(stream), `stream ${stream}`);
    const state = events.reduce((before: State, event) => decider.evolve(before, event), decider.initial);
    return [id, { stream, state, version, added: [] }];
  }));
}

function decideOne<State, Command, E extends Event, R extends Refusal>(
  decider: Decider<State, Command, E, R>,
  open: Open<State, E>,
  { command, meta = {} }: CommandItem<Command>,
): Result<Handled<State, E>, R> {
  const decision = decider.decide(command, open.state);
  if (!decision.accepted) return refuse(decision.refusal);
  for (const event of decision.events) {
    open.state = decider.evolve(open.state, event);
    open.version += 1;
    open.added.push({ stream: open.stream, version: open.version, event, meta });
  }
  return ok({ state: open.state, version: open.version, events: decision.events });
}
