import type { Decider, Event } from '@tollwire/core';
import type { Projection } from './projection.ts';

/** A read model with one row for each aggregate, which is its state as columns. */
export interface StateRow<State, E extends Event, Row extends object> extends Omit<Projection<Row, E>, 'keyOf' | 'evolve'> {
  readonly decider: Pick<Decider<State, never, E, never>, 'initial' | 'evolve'>;
  /** The one field of the key, a text: what follows the prefix in the name of the stream. */
  readonly key: readonly [keyof Row & string];
  /** The row of an aggregate; undefined while there is none to show. */
  readonly rowOf: (state: State, id: string) => Row | undefined;
  /** The state that rowOf made the row of, so that the row is all that the next event needs. */
  readonly stateOf: (row: Row) => State;
}

/**
 * Makes the projection of rows that mirror the state: the decider's own `evolve` folds them, so an event that is new to the
 * aggregate is told there and nowhere else. A row that keeps more than the state, or less, is a Projection of its own.
 */
export function stateRow<State, E extends Event, Row extends object>(definition: StateRow<State, E, Row>): Projection<Row, E> {
  const { decider, rowOf, stateOf, ...projection } = definition;
  const idOf = (stream: string) => stream.slice(projection.streamPrefix.length);
  return {
    ...projection,
    keyOf: ({ stream }) => [idOf(stream)],
    evolve: (row, { stream, event }) => rowOf(decider.evolve(row === undefined ? decider.initial : stateOf(row), event), idOf(stream)),
  };
}
