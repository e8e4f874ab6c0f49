import type { RateColumns } from '../domain/rate-columns.ts';

/** Whoever imports a deck looks at what it changes next. */
const HELD_MS = 120_000;

/** The content of the version that was made last, for as long as it is likely to be asked for: some 70 bytes a rate. */
export class RecentContent {
  #held: { readonly digest: string; readonly rates: RateColumns } | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** Holds a content in place of the one before. Nobody changes it any more. */
  hold(digest: string, rates: RateColumns): void {
    clearTimeout(this.#timer);
    this.#held = { digest, rates };
    this.#timer = setTimeout(() => (this.#held = undefined), HELD_MS).unref();
  }

  /** A content, where it is the one that is held. */
  of(digest: string): RateColumns | undefined {
    return this.#held?.digest === digest ? this.#held.rates : undefined;
  }
}
