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
  release: () => void = () => undefined;
  refuses: 'begin' | 'append' | 'finish' | undefined;

  async beginDeckImport(request: { readonly ownerId?: number; readonly columns?: readonly string[] }) {
    this.asked.push(`begin ${request.ownerId ?? 0} ${request.columns?.join('+') ?? ''}`);
    return this.refuses === 'begin' ? refuse(refusal) : ok(create(BeginDeckImportReplySchema, { importId: 'i-1' }));
  }

  async appendDeckImport(request: { readonly sequence?: number; readonly csv?: Uint8Array; readonly importId?: string }) {
    this.asked.push(`append ${request.importId ?? ''} ${request.sequence ?? -1}`);
    if (this.refuses === 'append') return refuse(refusal);
    await new Promise<void>((resolve) => (this.release = resolve));
    this.taken.push(Buffer.from(request.csv ?? []));
    return ok(create(AppendDeckImportReplySchema, { rowsRead: 1n }));
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

  it('reads on only when the catalog has taken what was read', async () => {
    const catalog = new SlowCatalog();
    const { state, bytes } = reading(8);
    const answer = importDeck(catalog, file, bytes);
    await turn();
    await turn();
    expect(state.read).toBeLessThan(3);
    for (let piece = 0; piece < 4; piece += 1) {
      await turn();
      catalog.release();
      await turn();
    }
    expect(await answer).toMatchObject({ importId: 'i-1', finished: { ok: true, value: { acceptedCount: 5n } } });
    expect(catalog.asked).toEqual(['begin 7 prefix+rate', 'append i-1 0', 'append i-1 1', 'append i-1 2', 'append i-1 3', 'finish i-1']);
    expect(Buffer.concat(catalog.taken).length).toBe(2 * mebibyte);
  });

  it.each([
    ['begin', ['begin 7 prefix+rate'], false],
    ['append', ['begin 7 prefix+rate', 'append i-1 0'], true],
  ] as const)('ends when %s is refused, and reads no further', async (refuses, asked, wasOpened) => {
    const catalog = new SlowCatalog();
    catalog.refuses = refuses;
    const { state, bytes } = reading(8);
    const told = wasOpened ? { ...refusal, facts: { importId: 'i-1' } } : refusal;
    expect(await importDeck(catalog, file, bytes)).toEqual({ importId: wasOpened ? 'i-1' : '', finished: { ok: false, refusal: told } });
    expect(catalog.asked).toEqual(asked);
    expect(state).toEqual({ read: wasOpened ? 1 : 0, closed: wasOpened });
  });

  it('leaves it to the catalog what an empty file is', async () => {
    const catalog = new SlowCatalog();
    catalog.refuses = 'finish';
    const told = { ...refusal, facts: { importId: 'i-1' } };
    expect(await importDeck(catalog, file, reading(0).bytes)).toEqual({ importId: 'i-1', finished: { ok: false, refusal: told } });
    expect(catalog.asked).toEqual(['begin 7 prefix+rate', 'finish i-1']);
  });
});
