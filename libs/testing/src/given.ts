import { expect } from '@jest/globals';
import { fold } from '@tollwire/core';
import type { Decider, Event, Refusal } from '@tollwire/core';

/** What a decider answers, ready to be compared. */
export interface Outcome<E extends Event, R extends Refusal> {
  /** Expects exactly these events (none: the command changed nothing), or exactly this refusal. */
  then(expected: readonly E[] | R): void;
}

/** A decider with a past, waiting for its command. */
export interface Given<State, Command, E extends Event, R extends Refusal> {
  /** The state that the past leads to. */
  readonly state: State;
  /** Decides a command upon that state. The state itself must come out unchanged. */
  when(command: Command): Outcome<E, R>;
}

/**
 * Tells the story of one command: `given(card, [issued]).when(activate).then([activated])`. Also checks on the
 * way that `evolve` takes whatever `decide` accepted, since an event that cannot be recorded is a bug.
 */
export function given<State, Command, E extends Event, R extends Refusal>(
  decider: Decider<State, Command, E, R>,
  events: readonly E[],
): Given<State, Command, E, R> {
  const state = fold(decider, events);
  return {
    state,
    when: (command) => ({
      // The name is the reader's: nobody awaits an outcome.
      then: (expected) => {
        const decision = decider.decide(command, state);
        expect(state).toEqual(fold(decider, events));
        expect(decision.accepted ? decision.events : decision.refusal).toEqual(expected);
        if (decision.accepted) fold(decider, decision.events, state);
      },
    }),
  };
}
