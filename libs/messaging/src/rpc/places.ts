interface Taken<Item> {
  readonly number: number;
  readonly item: Item;
}

/**
 * Things that wait for something that names them, each in a place that a later one has after it. A map serves as well, but is remade
 * every few requests, with what `UnderWay` says of that. A name is of one thing only: of one that has left its place nothing is found.
 */
export class Places<Item> {
  readonly #taken: (Taken<Item> | undefined)[] = [];
  readonly #free: number[] = [];
  #last = 0;

  /** Gives a thing a place, and answers its name, a word of letters, digits and a dash. */
  put(item: Item): string {
    const place = this.#free.pop() ?? this.#taken.length;
    this.#last += 1;
    this.#taken[place] = { number: this.#last, item };
    return `${place.toString(36)}-${this.#last.toString(36)}`;
  }

  /** The thing of a name, where it is there. */
  at(name: string): Item | undefined {
    return this.#named(name)?.item;
  }

  /** Takes the thing of a name out of its place; undefined where it is not there. */
  take(name: string): Item | undefined {
    const named = this.#named(name);
    if (named === undefined) return undefined;
    this.#taken[named.place] = undefined;
    this.#free.push(named.place);
    return named.item;
  }

  /** The names of all that are there. */
  names(): string[] {
    return this.#taken.flatMap((taken, place) => (taken === undefined ? [] : [`${place.toString(36)}-${taken.number.toString(36)}`]));
  }

  #named(name: string): { readonly place: number; readonly item: Item } | undefined {
    const dash = name.indexOf('-');
    const place = Number.parseInt(name.slice(0, dash), 36);
    const taken = this.#taken[place];
    return taken === undefined || taken.number.toString(36) !== name.slice(dash + 1) ? undefined : { place, item: taken.item };
  }
}
