import type { ListService } from '@tollwire/contracts';
import type { InstantUs } from '@tollwire/core';
import type { Database } from '@tollwire/event-store';
import type { Asker } from '@tollwire/messaging';
import type { E164 } from '@tollwire/telecom';
import { type Blacklisted, KeptLists } from '../domain/kept-lists.ts';
import type { Screened } from '../domain/screening.ts';
import { ListHits } from './list-hits.ts';
import { keepEntries, loadEntries, readListRevision, type ToldEntry } from './list-table.ts';

/** How the lists are asked for; answered by cdr. */
export type TellsLists = Pick<Asker<typeof ListService>, 'snapshotLists'>;

/**
 * The lists that calls are screened by, kept in the own database, so that they are there before cdr is. Instances learn of each
 * other's news through a revision; what was told before this service first listened is asked for once, as soon as cdr answers.
 */
export class LiveLists {
  readonly hits = new ListHits();
  readonly #database: Database;
  readonly #cdr: TellsLists;
  #lists = new KeptLists([]);
  #revision: bigint | undefined;
  #isSnapshotTaken = false;

  constructor(database: Database, cdr: TellsLists) {
    this.#database = database;
    this.#cdr = cdr;
  }

  get entryCount(): number {
    return this.#lists.entryCount;
  }

  /** What the lists say of a number; a call is counted, a mere question is not. */
  screen(e164: E164, blacklisted: Blacklisted, call: { readonly isCall: boolean; readonly atUs: InstantUs }): Screened {
    const screened = this.#lists.screen(e164, blacklisted);
    if (call.isCall && screened.list !== 'none') this.hits.count(screened, call.atUs);
    return screened;
  }

  /** Takes in what is new in the tables. */
  async refresh(): Promise<void> {
    if (!this.#isSnapshotTaken) this.#isSnapshotTaken = await this.#takeSnapshot();
    const revision = await readListRevision(this.#database);
    if (revision === this.#revision) return;
    this.#lists = new KeptLists(await loadEntries(this.#database));
    this.#revision = revision;
  }

  async #takeSnapshot(): Promise<boolean> {
    let after: Pick<ToldEntry, 'list' | 'subject'> = { list: '', subject: '' };
    for (;;) {
      const page = await this.#cdr.snapshotLists({ afterList: after.list, afterSubject: after.subject });
      if (!page.ok) return false;
      const { entries, more } = page.value;
      await this.#database.transaction((tx) => keepEntries(tx, entries));
      const last = entries.at(-1);
      if (!more || last === undefined) return true;
      after = last;
    }
  }
}
