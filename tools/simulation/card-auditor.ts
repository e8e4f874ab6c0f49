import { instantUs, type InstantUs } from '@tollwire/core';
import { bindMax } from './books.ts';
import type { Change } from './postgres/store.ts';
import { listOf, type Row } from './postgres/values.ts';
import { pinPolicy, skewUsMax } from './processes.ts';
import { Violation } from './violation.ts';

const textOf = (row: Row | undefined, column: string): string => String(row?.[column] ?? '');
const instantOf = (row: Row | undefined, column: string): InstantUs | null => {
  const value = row?.[column] ?? null;
  return value === null ? null : instantUs(Number(value));
};

/** Looks at every commit for what must be so of cards, and at every look at a wrong PIN. */
export class CardAuditor {
  readonly #cards = new Map<string, Row>();
  /** The card that was made for a caller, by the name of its order. */
  readonly #madeFor = new Map<string, string>();
  /** When the tries end that were taken for looks at wrong PINs, by whom they count for. */
  readonly #looks = new Map<string, readonly number[]>();
  readonly #nowUs: () => number;

  /** @param nowUs the time of the world, which clocks of instances are some way off. */
  constructor(nowUs: () => number) {
    this.#nowUs = nowUs;
  }

  /** Throws a Violation that tells what is wrong with a card after a commit. */
  look(changes: readonly Change[]): void {
    for (const { table, before, after } of changes) if (table === 'card_state') this.#takeCard(before, after);
    for (const { table, before, after } of changes) if (table === 'reservation' && before === undefined) this.#holdCall(after);
  }

  /** Somebody looks whose PIN it is, and it is nobody's: in any stretch of a window only so often, wherever the instances are that look. */
  lookAtWrongPin(taken: readonly Row[]): void {
    if (taken.length === 0) throw new Violation('a PIN was looked at before a try was taken');
    for (const { subject, ends_us: counting } of taken) {
      const ends = [...(this.#looks.get(String(subject)) ?? []), Number(listOf(counting, 'bigint').at(-1))].sort((one, other) => one - other);
      const max = String(subject).startsWith('pin:cli:') ? pinPolicy.triesMax : pinPolicy.sharedTriesMax;
      const crowded = ends.find((end, at) => (ends[at + max] ?? Infinity) - end < pinPolicy.windowSec * 1_000_000);
      if (crowded !== undefined) throw new Violation(`more than ${max} wrong PINs were looked at for ${String(subject)} in the window that ends at ${crowded}`);
      this.#looks.set(String(subject), ends);
    }
  }

  #takeCard(before: Row | undefined, after: Row | undefined): void {
    const id = textOf(after, 'cardid');
    if (after === undefined) throw new Violation(`the card ${textOf(before, 'cardid')} is gone`);
    this.#cards.set(id, after);
    if (before === undefined) this.#holdMade(id, textOf(after, 'batch_id'));
    const [used, usedNow] = [instantOf(before, 'first_used'), instantOf(after, 'first_used')];
    if (used !== null && used !== usedNow) throw new Violation(`the card ${id} was first used at ${used}, and then at ${usedNow}`);
    const [ended, endsNow] = [instantOf(before, 'expires'), instantOf(after, 'expires')];
    if (ended !== null && (endsNow === null || endsNow < ended)) throw new Violation(`the card ${id} was to end at ${ended}, and is to end at ${endsNow}`);
    const clis: unknown = JSON.parse(textOf(after, 'clis'));
    if (Array.isArray(clis) && clis.length > bindMax) throw new Violation(`${clis.length} callers are bound to the card ${id}; ${bindMax} may be`);
  }

  #holdMade(id: string, batchId: string): void {
    const [, cli] = /^cli-(\w+)/.exec(batchId) ?? [];
    if (cli === undefined) return;
    const other = this.#madeFor.get(cli);
    if (other !== undefined) throw new Violation(`for the caller ${cli} the cards ${other} and ${id} were made`);
    this.#madeFor.set(cli, id);
  }

  /** A call that was let through: its card had not ended when it was asked for, and has been used from then on unless it was stopped meanwhile. */
  #holdCall(reservation: Row | undefined): void {
    const id = /^card:(.+)$/.exec(textOf(reservation, 'account_id'))?.[1] ?? '';
    const card = this.#cards.get(id);
    if (card === undefined) return;
    const [askedAt, expiresAt] = [instantOf(reservation, 'started_at_us'), instantOf(card, 'expires')];
    const call = textOf(reservation, 'call_key');
    if (askedAt !== null && expiresAt !== null && askedAt >= expiresAt) throw new Violation(`the card ${id} ended at ${expiresAt}, and ${call} was let through at ${askedAt}`);
    // The first use is noted by a clock that may be before those of others, and later than the card was looked at.
    const isStopped = textOf(card, 'suspension') !== '' || instantOf(card, 'deactivated') !== null || (expiresAt !== null && expiresAt <= this.#nowUs() + skewUsMax);
    if (instantOf(card, 'first_used') === null && !isStopped) throw new Violation(`${call} was let through on the card ${id}, of which no first use is noted`);
  }
}
