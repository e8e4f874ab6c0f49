/** How long an account counts as contended, and how many are remembered. */
const rememberedMs = 10_000;
const rememberedMax = 10_000;

/**
 * Accounts that changed lately between their reading and their writing. Whoever would decide upon one without a lock would
 * often do so in vain, so it waits for its turn at once.
 */
export class ContendedAccounts {
  readonly #untilMs = new Map<string, number>();

  note(accountIds: readonly string[], nowMs: number): void {
    if (this.#untilMs.size >= rememberedMax) this.#untilMs.clear();
    for (const id of accountIds) this.#untilMs.set(id, nowMs + rememberedMs);
  }

  hasAny(accountIds: readonly string[], nowMs: number): boolean {
    return this.#untilMs.size > 0 && accountIds.some((id) => this.#isContended(id, nowMs));
  }

  #isContended(id: string, nowMs: number): boolean {
    const untilMs = this.#untilMs.get(id);
    if (untilMs === undefined) return false;
    if (nowMs < untilMs) return true;
    this.#untilMs.delete(id);
    return false;
  }
}
