/**
 * Counts work under way, and tells when none is. A set that every request enters and leaves is remade every few requests, and
 * the one before names the one after it: once one has grown old, all that ever stood in those behind it outlives each
 * collection but a full one, and is copied by it. A number keeps nothing.
 */
export class UnderWay {
  #count = 0;
  #waiting: (() => void)[] = [];

  get count(): number {
    return this.#count;
  }

  /** Counts work until it has ended. It tells of its failures itself: one that rejects is a bug, which is nobody's to catch. */
  add(work: Promise<unknown>): void {
    this.#count += 1;
    void work.finally(() => this.#end());
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#count > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #end(): void {
    this.#count -= 1;
    if (this.#count > 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
