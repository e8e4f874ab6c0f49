/** A pause that doubles with each failure in a row, from 100 ms to 10 s, a little different each time. */
export function backoffMs(failuresInRow: number): number {
  const fullMs = Math.min(100 * 2 ** Math.max(failuresInRow - 1, 0), 10_000);
  return fullMs * (0.75 + Math.random() / 4);
}

/** A pause that can be ended early; once ended, it lasts no time any more. */
export class Pause {
  #ended = false;
  #end: () => void = () => undefined;

  async forMs(ms: number): Promise<void> {
    if (this.#ended || ms <= 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  end(): void {
    this.#ended = true;
    this.#end();
  }
}
