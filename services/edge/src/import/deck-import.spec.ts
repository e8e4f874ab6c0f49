import { describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { AppendDeckImportReplySchema, BeginDeckImportReplySchema, type CodedRefusal, DeckKind, FinishDeckImportReplySchema } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import { importDeck } from './deck-import.ts';

const file = { kind: DeckKind.TARIFF, ownerId: 7, columns: ['prefix', 'rate'], delimiter: ';', by: 'operator:ann' };
const refusal: CodedRefusal = { code: 'deck_malformed' };
const mebibyte = 1_048_576;

/** A catalog that writes down what it is asked, and takes a piece when it is told to. */
class SlowCatalog {
  readonly asked: string[] = [];
  readonly taken: Buffer[] = [];
  /** What is under way, oldest first. */
  readonly #waiting: (() => void)[] = [];
  /** Of the pieces that another instance finds too early, how often it does so. */
  readonly tooEarly = new Map<number, number>();
  refuses: 'begin' | 'append' | 'finish' | undefined;

  async beginDeckImport(request: { readonly ownerId?: number; readonly columns?: readonly string[] }) {
    this.asked.push(`begin ${request.ownerId ?? 0} ${request.columns?.join('+') ?? ''}`);
    return this.refuses === 'begin' ? refuse(refusal) : ok(create(BeginDeckImportReplySchema, { importId: 'i-1' }));
  }

  async appendDeckImport(request: { readonly sequence?: number; readonly csv?: Uint8Array; readonly importId?: string }) {
    this.asked.push(`append ${request.importId ?? ''} ${request.sequence ?? -1}`);
    if (this.refuses === 'append') return refuse(refusal);
    const early = this.tooEarly.get(request.sequence ?? -1) ?? 0;
    if (early > 0) {
      this.tooEarly.set(request.sequence ?? -1, early - 1);
      return refuse({ code: 'import_out_of_sequence' } as const);
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.taken.push(Buffer.from(request.csv ?? []));
    return ok(create(AppendDeckImportReplySchema, { rowsRead: 1n }));
  }

  /** Takes the oldest piece that waits. */
  release(): void {
    this.#waiting.shift()?.();
  }

  async finishDeckImport(request: { readonly importId?: string }) {
    this.asked.push(`finish ${request.importId ?? ''}`);
    return this.refuses === 'finish' ? refuse(refusal) : ok(create(FinishDeckImportReplySchema, { acceptedCount: 5n }));
  }
}

describe('import of a deck', () => {
  /** A file of pieces that notes how far it was read. */
  const reading = (pieces: number) => {
    const state = { read: 0, closed: false };
    async function* bytes() {
      try {
        for (; state.read < pieces; state.read += 1) yield Buffer.alloc(mebibyte / 4, state.read);
      } finally {
        state.closed = true;
      }
    }
    return { state, bytes: bytes() };
  };
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

  /** Lets the catalog take whatever waits, until the import is answered. */
  const taking = async <T>(catalog: SlowCatalog, answer: Promise<T>): Promise<T> => {
    const state = { answered: false };
    const answered = answer.finally(() => (state.answered = true));
    while (!state.answered) {
      catalog.release();
      await turn();
    }
    return await answered;
  };

  it('has two pieces under way, and reads on only when the catalog has taken one', async () => {
    const catalog = new SlowCatalog();
    const { state, bytes } = reading(16);
    const answer = importDeck(catalog, file, bytes);
    for (let turns = 0; turns < 10; turns += 1) await turn();
    expect(catalog.asked).toEqual(['begin 7 prefix+rate', 'append i-1 0', 'append i-1 1']);
    expect(state.read).toBeLessThan(9);
    catalog.release();
    for (let turns = 0; turns < 10; turns += 1) await turn();
    expect(catalog.asked.slice(3)).toEqual(['append i-1 2']);
    expect(await taking(catalog, answer)).toMatchObject({ importId: 'i-1', finished: { ok: true, value: { acceptedCount: 5n } } });
    expect(catalog.asked).toEqual(['begin 7 prefix+rate', ...[0, 1, 2, 3, 4].map((piece) => `append i-1 ${piece}`), 'finish i-1']);
    expect(Buffer.concat(catalog.taken).length).toBe(4 * mebibyte);
  });

  it('sends a piece that came too early again when the one in front was taken, and no more than once', async () => {
    const catalog = new SlowCatalog();
    catalog.tooEarly.set(1, 1);
    expect((await taking(catalog, importDeck(catalog, file, reading(8).bytes))).finished.ok).toBe(true);
    expect(catalog.asked.filter((asked) => asked === 'append i-1 1')).toHaveLength(2);
    catalog.tooEarly.set(1, 2);
    expect(await taking(catalog, importDeck(catalog, file, reading(8).bytes))).toMatchObject({ finished: { ok: false, refusal: { code: 'import_out_of_sequence' } } });
  });

  it.each([
    ['begin', ['begin 7 prefix+rate'], false],
    ['append', ['begin 7 prefix+rate', 'append i-1 0', 'append i-1 1'], true],
  ] as const)('ends when %s is refused, and reads no further', async (refuses, asked, wasOpened) => {
    const catalog = new SlowCatalog();
    catalog.refuses = refuses;
    const { state, bytes } = reading(8);
    const told = wasOpened ? { ...refusal, facts: { importId: 'i-1' } } : refusal;
    expect(await importDeck(catalog, file, bytes)).toEqual({ importId: wasOpened ? 'i-1' : '', finished: { ok: false, refusal: told } });
    expect(catalog.asked).toEqual(asked);
    expect(state).toEqual({ read: wasOpened ? 7 : 0, closed: wasOpened });
  });

  it('leaves it to the catalog what an empty file is', async () => {
    const catalog = new SlowCatalog();
    catalog.refuses = 'finish';
    const told = { ...refusal, facts: { importId: 'i-1' } };
    expect(await importDeck(catalog, file, reading(0).bytes)).toEqual({ importId: 'i-1', finished: { ok: false, refusal: told } });
    expect(catalog.asked).toEqual(['begin 7 prefix+rate', 'finish i-1']);
  });
});
