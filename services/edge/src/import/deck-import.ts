import type { MessageInitShape } from '@bufbuild/protobuf';
import type { BeginDeckImportRequestSchema, CodedRefusal, FinishDeckImportReply } from '@tollwire/contracts';
import { refuse, type Result } from '@tollwire/core';
import type { EdgeAskers } from '../edge.deps.ts';
import { chunked } from './chunked.ts';

/** Whose rates the file holds, how to read it, and who sends it. */
export type DeckFile = MessageInitShape<typeof BeginDeckImportRequestSchema>;

/** What became of a file; with the name that its bad rows are kept under, once the catalog has begun with it. */
export interface DeckImported {
  readonly importId: string;
  readonly finished: Result<FinishDeckImportReply, CodedRefusal>;
}

/** Bytes of the file in one request: below the 1 MiB that NATS takes, with room for the envelope. */
const chunkBytes = 960 * 1024;

/** Pieces under way at a time: while the catalog reads one, the next is on its way. */
const piecesMax = 2;

const appendTimeout = { timeoutMs: 30_000 };
/** A workbook of a million rows is read, its rates are sorted, digested and stored before the answer. */
const finishTimeout = { timeoutMs: 300_000 };

/**
 * Hands a file on to the catalog piece by piece, two at a time. The next piece is read only when one was taken, so a slow
 * catalog slows the sender down and nothing piles up here. The first refusal ends the import, and has its name
 * among its facts, for whoever looks up the bad rows.
 */
export async function importDeck(
  catalog: Pick<EdgeAskers['catalog'], 'beginDeckImport' | 'appendDeckImport' | 'finishDeckImport'>,
  file: DeckFile,
  bytes: AsyncIterable<Buffer>,
): Promise<DeckImported> {
  const begun = await catalog.beginDeckImport(file);
  if (!begun.ok) return { importId: '', finished: begun };
  const { importId } = begun.value;
  const ended = (refusal: CodedRefusal): DeckImported => ({ importId, finished: refuse({ ...refusal, facts: { ...refusal.facts, importId } }) });
  const sent = new PiecesUnderWay(catalog, importId);
  for await (const piece of chunked(bytes, chunkBytes)) {
    const refusal = await sent.send(piece);
    if (refusal !== undefined) return ended(refusal);
  }
  const refusal = await sent.allTaken();
  if (refusal !== undefined) return ended(refusal);
  const finished = await catalog.finishDeckImport({ importId }, finishTimeout);
  return finished.ok ? { importId, finished } : ended(finished.refusal);
}

/** The pieces of one import that the catalog has been sent and has not answered. */
class PiecesUnderWay {
  readonly #catalog: Pick<EdgeAskers['catalog'], 'appendDeckImport'>;
  readonly #importId: string;
  #sequence = 0;
  /** What becomes of each, oldest first; undefined: it was taken. */
  readonly #underWay: Promise<CodedRefusal | undefined>[] = [];

  constructor(catalog: Pick<EdgeAskers['catalog'], 'appendDeckImport'>, importId: string) {
    this.#catalog = catalog;
    this.#importId = importId;
  }

  /** Sends the next piece, and resolves when there is room for another: to a refusal of an earlier one, after which none is sent. */
  async send(csv: Uint8Array): Promise<CodedRefusal | undefined> {
    this.#underWay.push(this.#taken(this.#underWay.at(-1), this.#sequence, csv));
    this.#sequence += 1;
    return this.#underWay.length < piecesMax ? undefined : await this.#underWay.shift();
  }

  /** Resolves when all were taken, or to the first refusal. */
  async allTaken(): Promise<CodedRefusal | undefined> {
    return (await Promise.all(this.#underWay)).find((refusal) => refusal !== undefined);
  }

  /** Another instance of the catalog than the one that has the piece before may get this one, and finds it too early: it is sent again when that was taken. */
  async #taken(before: Promise<CodedRefusal | undefined> | undefined, sequence: number, csv: Uint8Array): Promise<CodedRefusal | undefined> {
    const first = await this.#append(sequence, csv);
    if (first?.code !== 'import_out_of_sequence' || before === undefined) return first;
    return (await before) ?? (await this.#append(sequence, csv));
  }

  async #append(sequence: number, csv: Uint8Array): Promise<CodedRefusal | undefined> {
    const appended = await this.#catalog.appendDeckImport({ importId: this.#importId, sequence, csv }, appendTimeout);
    return appended.ok ? undefined : appended.refusal;
  }
}
