import type { PublicEvent } from '@tollwire/contracts';
import { assert, type Decider, type Event, type Refusal } from '@tollwire/core';
import { type CommandHandler, commandHandler, type ReadModel, type Recorded } from '@tollwire/event-store';
import type { Resources } from './resources.ts';

/** Where an aggregate is stored, what is kept of it to be read, and what others are told. */
export interface Storage<E extends Event> {
  /** What the name of a stream begins with; the aggregate's id follows. */
  readonly streamPrefix: string;
  /** Kept in the transaction that appends the events; each reads the streams of this prefix. */
  readonly readModels: readonly ReadModel<E>[];
  /** The public events of a stored one, `id` being the aggregate's; none without it. */
  readonly publish?: (recorded: Recorded<E> & { readonly id: string }) => readonly PublicEvent[];
}

/** Binds a decider to its storage; the answer carries out its commands. */
export type Stored = <State, Command, E extends Event, R extends Refusal>(
  decider: Decider<State, Command, E, R>,
  storage: Storage<E>,
) => CommandHandler<State, Command, E, R>;

/** An aggregate as the table of contents shows it. */
export interface StoredAggregate {
  readonly name: string;
  readonly streamPrefix: string;
  readonly readModels: readonly ReadModel<never>[];
}

/** What handlers work on. */
export interface Store extends Pick<Resources, 'root' | 'wakeRelay'> {
  readonly database: Pick<Resources['database'], 'transaction'>;
}

/** Makes the handlers of a service's aggregates on its database. */
export function storedIn({ database, root, wakeRelay }: Store): Stored {
  return (decider, { streamPrefix, readModels, publish }) => {
    for (const { name, streamPrefix: read } of readModels) {
      assert(read === streamPrefix, `the read model ${name} reads the streams of ${decider.name}, ${streamPrefix}…, not ${read}…`);
    }
    return commandHandler({
      database, root, decider,
      streamOf: (id) => `${streamPrefix}${id}`,
      projections: readModels,
      afterPublish: wakeRelay,
      ...(publish === undefined ? {} : { publish: (recorded) => publish({ ...recorded, id: recorded.stream.slice(streamPrefix.length) }) }),
    });
  };
}

/** What a service stores, found out by binding everything to no database at all. Throws where two would share a name. */
export function storedBy(service: string, bind: (stored: Stored) => unknown): readonly StoredAggregate[] {
  const found: StoredAggregate[] = [];
  const nowhere = storedIn({ database: { transaction: () => Promise.reject(new Error(`${service} is only being listed`)) }, root: '', wakeRelay: () => undefined });
  bind((decider, storage) => {
    found.push({ name: decider.name, streamPrefix: storage.streamPrefix, readModels: storage.readModels });
    return nowhere(decider, storage);
  });
  for (const names of [found.map(({ name }) => name), found.map(({ streamPrefix }) => streamPrefix), found.flatMap(({ readModels }) => readModels.map(({ name }) => name))]) {
    assert(new Set(names).size === names.length, `each aggregate and read model of ${service} has a name and a stream of its own: ${names.join(', ')}`);
  }
  return found;
}
