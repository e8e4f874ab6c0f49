import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ForgetReplySchema } from '@tollwire/contracts';
import { ok } from '@tollwire/core';
import { deadLettersWith, type Reaction, redrive, starDeadLetters } from '@tollwire/event-store';
import type { ServiceForgets } from './ops-answers.ts';
import type { Resources } from './resources.ts';

/** What one step in one place did. */
export interface Forgotten {
  readonly count: number;
  /** Where to go on in this place; undefined: that was all. */
  readonly next?: string;
  /** Why it cannot be done yet. */
  readonly waitsFor?: string;
  /** The rows are about the number and stay; they were counted. */
  readonly kept?: boolean;
}

/** A table in which numbers of people stand, and how one is taken out of it: a second's work at most, and nothing the second time. */
export interface NumberPlace<Deps> {
  readonly name: string;
  readonly forget: (deps: Deps, digits: string, after: string) => Promise<Forgotten>;
}

/** Where a service keeps numbers of people. */
export interface Forgets<Deps> {
  /** Takes the people out of calls, by their keys, for good: what is told of such a call later is masked as it is kept. */
  readonly calls?: { readonly name: string; readonly forget: (deps: Deps, callKeys: readonly string[]) => Promise<Forgotten> };
  readonly places: readonly NumberPlace<Deps>[];
}

type Reply = MessageInitShape<typeof ForgetReplySchema>;

/** How a flow takes people out of what it keeps, dead letters first: what is tried once more there may be kept elsewhere. */
export function forgetsOf<Deps>({ forgets }: { readonly forgets?: Forgets<Deps> }, deps: Deps, letters: NumberPlace<unknown>): ServiceForgets {
  const places = [letters, ...(forgets?.places ?? [])];
  return {
    forgetCalls: async ({ callKeys }) => {
      const calls = forgets?.calls;
      if (calls === undefined) return ok({});
      const { count, waitsFor = '' } = await calls.forget(deps, callKeys);
      return ok({ places: [{ place: calls.name, count: BigInt(count) }], waitsFor });
    },
    forgetNumber: async ({ number, after }) => ok(await step(places, deps, number, after)),
  };
}

/** One step of taking a number out of a service, place by place. */
async function step<Deps>(places: readonly NumberPlace<Deps>[], deps: Deps, digits: string, after: string): Promise<Reply> {
  const [at = '0', ...inPlace] = after.split(' ');
  const index = Number(at === '' ? 0 : at);
  const place = places[index];
  if (place === undefined) return {};
  const { count, next, waitsFor, kept = false } = await place.forget(deps, digits, inPlace.join(' '));
  const told = { places: [{ place: place.name, count: BigInt(count), kept }] };
  if (waitsFor !== undefined) return { ...told, waitsFor };
  if (next !== undefined) return { ...told, next: `${index} ${next}` };
  return { ...told, next: index + 1 < places.length ? String(index + 1) : '' };
}

/**
 * What waits for an operator in dead letters: each that has the number is tried once more, because a call without its number cannot be rated,
 * and starred out where that fails again.
 */
export function lettersOf({ database, wakeRelay }: Pick<Resources, 'database' | 'wakeRelay'>, reactions: readonly Reaction[]): NumberPlace<unknown> {
  return {
    name: 'dead_letter',
    forget: async (_, digits) => {
      const positions = await deadLettersWith(database, digits);
      if (positions.length === 0) return { count: 0 };
      for (const reaction of reactions) await redrive(database, reaction, { positions, limit: positions.length });
      wakeRelay();
      const count = await starDeadLetters(database, positions, digits);
      return { count, next: '' };
    },
  };
}
