import { appendImport, type AppendedPiece, type AppendReply, appendReply, keepText, readText } from './append-import.ts';
import type { PieceDeps } from './import-pieces.ts';
import type { DeckImport } from './import-store.ts';

/** A piece under way. */
interface Step {
  readonly nextSequence: number;
  /** The import as the piece leaves it, once it was read; undefined where that is not known before it is kept. */
  readonly after: Promise<DeckImport | undefined>;
  readonly taken: Promise<AppendReply>;
}

/**
 * Takes the pieces of imports. Those of one import may come before the one in front of them was answered: a piece is read while that one is being
 * kept, and kept behind it. Another instance may have the piece in front; then it comes too early, as `appendImport` says.
 */
export class PieceQueue {
  readonly #deps: PieceDeps;
  readonly #last = new Map<string, Step>();

  constructor(deps: PieceDeps) {
    this.#deps = deps;
  }

  /** Takes a piece as `appendImport` does. */
  async append(piece: AppendedPiece): Promise<AppendReply> {
    const { importId, sequence } = piece;
    const last = this.#last.get(importId);
    const after = Promise.withResolvers<DeckImport | undefined>();
    const taken = this.#take(piece, last?.nextSequence === sequence ? last : undefined, after.resolve);
    const step = { nextSequence: sequence + 1, after: after.promise, taken };
    this.#last.set(importId, step);
    try {
      return await taken;
    } finally {
      after.resolve(undefined);
      if (this.#last.get(importId) === step) this.#last.delete(importId);
    }
  }

  async #take(piece: AppendedPiece, before: Step | undefined, tell: (after: DeckImport) => void): Promise<AppendReply> {
    const begun = await before?.after;
    const read = begun === undefined ? undefined : await readText(this.#deps, begun, piece.csv, false);
    if (read?.ok === true) tell(read.value.after);
    // One that could not be kept is told to whoever sent it; this one is then seen beside what the database has.
    const isKept = await before?.taken.then(({ ok }) => ok, () => false);
    if (read === undefined || isKept !== true) return await appendImport(this.#deps, piece, tell);
    return read.ok ? appendReply(await keepText(this.#deps, read.value)) : read;
  }
}
