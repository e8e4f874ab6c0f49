import { type InstantUs, instantUs, present } from '@tollwire/core';
import { asOf, type RatedDeck, type RatingTables, type Since } from './tables.ts';

/**
 * The tables for a call that was authorized at one instant and picks its rates at another: the versions of decks, and the terms and the
 * compositions of plans, as they stood when it was authorized, so that nothing that comes into force while it is set up, or under way, changes
 * what it was let through by. Which rate of a version counts stays with the instant that picks the rate, and exchange rates with their dates.
 * Most calls see no change in between, and have the tables as they are.
 */
export function tablesWhenAuthorized(tables: RatingTables, authorizedAt: InstantUs, at: InstantUs): RatingTables {
  const views = viewsOf(tables);
  const stretch = countUpTo(views.changes, authorizedAt);
  if (stretch === countUpTo(views.changes, at)) return tables;
  const known = views.byStretch.get(stretch) ?? asTheyStood(tables, authorizedAt);
  views.byStretch.set(stretch, known);
  return known;
}

/** The first instant after another at which a version begins or ends, or a plan becomes another; Infinity: none. */
export function nextChange(tables: RatingTables, after: number): number {
  const { changes } = viewsOf(tables);
  return changes[countUpTo(changes, after)] ?? Infinity;
}

/** What the tables were between two changes, by the number of changes before; made when it is first asked for. */
interface Views {
  readonly changes: readonly number[];
  readonly byStretch: Map<number, RatingTables>;
}

const allViews = new WeakMap<RatingTables, Views>();

function viewsOf(tables: RatingTables): Views {
  const known = allViews.get(tables) ?? { changes: changesOf(tables), byStretch: new Map<number, RatingTables>() };
  allViews.set(tables, known);
  return known;
}

function changesOf({ sellDecks, buyDecks, terms, voipPlans }: RatingTables): number[] {
  const decks = [...sellDecks.values(), ...buyDecks.values()].flat().flatMap(({ validFromUs, validUntilUs }) => [validFromUs, validUntilUs]);
  // Before the first that is known, a plan was that one, so its beginning changes nothing.
  const plans = [...terms.values(), ...voipPlans.values()].flatMap((history) => history.slice(1).map(({ fromUs }) => fromUs));
  return [...new Set([...decks, ...plans])].filter((us) => us > 0 && us < Infinity).sort((one, other) => one - other);
}

/** How many of some instants, in rising order, are not after another one. */
function countUpTo(instants: readonly number[], us: number): number {
  let [low, high] = [0, instants.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((instants[middle] ?? Infinity) <= us) low = middle + 1;
    else high = middle;
  }
  return low;
}

function asTheyStood(tables: RatingTables, us: InstantUs): RatingTables {
  return {
    ...tables,
    sellDecks: mapped(tables.sellDecks, (decks) => standing(decks, us)),
    buyDecks: mapped(tables.buyDecks, (decks) => standing(decks, us)),
    terms: mapped(tables.terms, (history) => alone(history, us)),
    voipPlans: mapped(tables.voipPlans, (history) => alone(history, us)),
  };
}

function mapped<Key, Value>(map: ReadonlyMap<Key, Value>, change: (value: Value) => Value): Map<Key, Value> {
  return new Map([...map].map(([key, value]) => [key, change(value)]));
}

/** The versions in force at an instant, as if they always were. */
function standing(decks: readonly RatedDeck[], us: number): readonly RatedDeck[] {
  const inForce = decks.filter(({ validFromUs, validUntilUs }) => validFromUs <= us && us < validUntilUs);
  return inForce.map((deck) => ({ ...deck, validFromUs: 0, validUntilUs: Infinity }));
}

function alone<T>(history: readonly Since<T>[], us: InstantUs): readonly Since<T>[] {
  return history.length === 1 ? history : [{ fromUs: instantUs(0), value: present(asOf(history, us), 'a history has an entry') }];
}
