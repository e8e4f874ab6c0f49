/** An event, command or refusal is a member of a union told apart by a literal. */
export interface Event {
  readonly type: string;
}

/** Why a command was not carried out: a published code and the facts behind it. A value, never thrown. */
export interface Refusal {
  readonly code: string;
}

/** The answer of `decide`: the facts that follow from the command, or the reason why none do. */
export type Decision<E extends Event, R extends Refusal> =
  | { readonly accepted: true; readonly events: readonly E[] }
  | { readonly accepted: false; readonly refusal: R };

/**
 * An aggregate as two pure functions. `decide` may refuse but never changes anything; `evolve` records a fact
 * and never validates or throws, because what is stored has happened.
 */
export interface Decider<State, Command, E extends Event, R extends Refusal> {
  readonly name: string;
  readonly initial: State;
  decide(command: Command, state: State): Decision<E, R>;
  evolve(state: State, event: E): State;
}

/** Accepts a command with the events that it leads to; none at all means that it had been carried out before. */
export function accept<E extends Event>(...events: E[]): { accepted: true; events: readonly E[] } {
  return { accepted: true, events };
}

/** Refuses a command. */
export function reject<R extends Refusal>(refusal: R): { accepted: false; refusal: R } {
  return { accepted: false, refusal };
}

/** The state after `events`, from the decider's beginning or from a known state. */
export function fold<State, E extends Event>(
  decider: Pick<Decider<State, never, E, never>, 'initial' | 'evolve'>,
  events: Iterable<E>,
  from: State = decider.initial,
): State {
  let state = from;
  for (const event of events) state = decider.evolve(state, event);
  return state;
}
