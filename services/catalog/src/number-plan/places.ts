import { present } from '@tollwire/core';

/** Where numbers belong: a country of the number plan, and FIX or MOB where it can tell. All empty where it cannot. */
export interface Place {
  readonly countryCode: string;
  readonly countryName: string;
  readonly subcode: string;
}

const nowhere: Place = { countryCode: '', countryName: '', subcode: '' };
const DIGITS = 10;
/** Prefixes that are taken in between two pauses. */
const SLICE = 4_000;

/**
 * The places of the number plan, a few hundred, and which of them a prefix is of: a trie of digits in one array (about 6 MB
 * for the world), because a comparison of two decks asks a million times.
 */
export class Places {
  readonly #places: Place[] = [nowhere];
  readonly #indexes = new Map<string, number>();
  /** The node behind each digit of each node; 0: none. Node 0 is the root. */
  #next = new Int32Array(DIGITS * 4096);
  /** The place of the prefix that ends at a node; 0: none ends there. */
  #placeOfNode = new Uint16Array(4096);
  #nodes = 1;

  /** The places by their prefixes. Pauses in between, because the world has a hundred thousand. */
  static *of(rows: readonly (Place & { readonly prefix: string })[]): Generator<void, Places> {
    const places = new Places();
    for (const [at, { prefix, ...place }] of rows.entries()) {
      places.#add(prefix, place);
      if (at % SLICE === SLICE - 1) yield;
    }
    return places;
  }

  #add(prefix: string, place: Place): void {
    const key = `${place.countryCode} ${place.subcode}`;
    const index = this.#indexes.get(key) ?? this.#places.push(place) - 1;
    this.#indexes.set(key, index);
    let node = 0;
    for (const digit of prefix) {
      const slot = node * DIGITS + Number(digit);
      if (this.#next[slot] === 0) this.#next[slot] = this.#newNode();
      node = this.#next[slot] ?? 0;
    }
    this.#placeOfNode[node] = index;
  }

  #newNode(): number {
    if (this.#nodes === this.#placeOfNode.length) {
      const [next, placeOfNode] = [new Int32Array(this.#next.length * 2), new Uint16Array(this.#nodes * 2)];
      next.set(this.#next);
      placeOfNode.set(this.#placeOfNode);
      [this.#next, this.#placeOfNode] = [next, placeOfNode];
    }
    this.#nodes += 1;
    return this.#nodes - 1;
  }

  /** The number of the place of the longest known prefix that this one, as a number, begins with; 0 for none. */
  indexOf(prefixNumber: number): number {
    let power = 1;
    while (power * DIGITS <= prefixNumber) power *= DIGITS;
    let found = 0;
    let node = 0;
    for (let rest = prefixNumber; power >= 1; power /= DIGITS) {
      const digit = Math.floor(rest / power);
      rest -= digit * power;
      node = this.#next[node * DIGITS + digit] ?? 0;
      if (node === 0) return found;
      found = this.#placeOfNode[node] || found;
    }
    return found;
  }

  /** The place with this number. */
  at(index: number): Place {
    return present(this.#places[index], 'a place of the number plan');
  }
}
