/** A statement is prepared from this use on; one-off texts never are. */
const USES_BEFORE_PREPARING = 3;
/** How many statements one connection may hold, and how many candidates are remembered. */
const PREPARED_MAX = 256;
const CANDIDATES_MAX = 1024;

/** Gives statements that come back a name, under which each connection parses and plans them once. */
export class PreparedNames {
  readonly #names = new Map<string, string>();
  #candidates = new Map<string, number>();

  /** The name to run `text` under, or undefined to send it as it is. */
  nameOf(text: string): string | undefined {
    const known = this.#names.get(text);
    if (known !== undefined || this.#names.size >= PREPARED_MAX) return known;
    const uses = (this.#candidates.get(text) ?? 0) + 1;
    if (uses < USES_BEFORE_PREPARING) {
      if (this.#candidates.size >= CANDIDATES_MAX) this.#candidates = new Map();
      this.#candidates.set(text, uses);
      return undefined;
    }
    this.#candidates.delete(text);
    const name = `tw${this.#names.size}`;
    this.#names.set(text, name);
    return name;
  }
}
