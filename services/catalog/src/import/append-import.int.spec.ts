import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DeckKind } from '@tollwire/contracts';
import { catalogRig, type CatalogRig, granted, smallPlan } from '../fixture/catalog-rig.fixture.ts';

describe('sending a file in pieces', () => {
  let rig: CatalogRig;
  let importId = '';
  let ownerId = 0;

  beforeAll(async () => {
    rig = await catalogRig('catalog_append');
    granted(await rig.ask.loadNumberPlan(smallPlan));
    ({ id: ownerId = 0 } = granted(await rig.ask.createCarrierPlan({ name: 'Acme', currency: 'EUR', carrierCode: 'ACME' })));
  }, 60_000);
  afterAll(() => rig.close());
  beforeEach(async () => {
    ({ importId = '' } = granted(await rig.ask.beginDeckImport({ kind: DeckKind.CARRIER, ownerId, by: 'ann' })));
  });

  const append = (sequence: number, csv: string | Uint8Array) => rig.ask.appendDeckImport({ importId, sequence, csv: Buffer.from(csv) });
  const finish = () => rig.ask.finishDeckImport({ importId });
  const stored = async () => {
    const [row] = await rig.database.query<{ pieces: number; next: number; rows: bigint }>(
      `select (select count(*)::int from deck_import_piece where import_id = $1) as pieces, next_sequence as next, rows_read as rows from deck_import where import_id = $1`,
      [importId],
    );
    return row;
  };

  it('keeps a row and a character that are cut in two whole', async () => {
    const bytes = Buffer.from('prefix,rate,name\n36,0.09,Győr\n40,0.08,Brașov\n');
    for (let at = 0; at < bytes.length; at += 5) granted(await append(at / 5, bytes.subarray(at, at + 5)));
    expect(granted(await finish())).toMatchObject({ acceptedCount: 2n, errorCount: 0n });
  });

  it('takes one of many equal pieces that come at once', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => append(0, '36,0.09\n')));
    for (const answer of answers) if (!answer.ok) expect(answer.refusal.code).toBe('concurrent_change');
    expect(await stored()).toEqual({ pieces: 1, next: 1, rows: 1n });
  });

  it('takes one of two different pieces that come at once, and refuses the other', async () => {
    const answers = await Promise.all([append(0, '36,0.09\n'), append(0, '40,0.08\n')]);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    const [refused] = answers.flatMap((answer) => (answer.ok ? [] : [answer.refusal.code]));
    expect(['concurrent_change', 'idempotency_mismatch']).toContain(refused);
    expect(await stored()).toMatchObject({ pieces: 1, next: 1 });
  });

  it('takes pieces that are sent before those in front of them were answered, in their order', async () => {
    const bytes = Buffer.from('prefix,rate,name\n36,0.09,Győr\n40,0.08,Brașov\nbad,1,x\n43,0.07,Graz\n');
    const pieces = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, at) => bytes.subarray(7 * at, 7 * at + 7));
    for (const answer of await Promise.all(pieces.map((piece, at) => append(at, piece)))) granted(answer);
    expect(await stored()).toMatchObject({ pieces: pieces.length, next: pieces.length });
    expect(granted(await finish())).toMatchObject({ acceptedCount: 3n, rowCount: 4n, errorCount: 1n, errors: [{ line: 4n, code: 'prefix_malformed' }] });
  });

  it('keeps none of the pieces behind one that is refused', async () => {
    const answers = await Promise.all([append(0, 'prefix,rate\n36,0.09\n'), append(1, `40,"${'x'.repeat(70_000)}`), append(2, '43,0.07\n'), append(3, '44,0.06\n')]);
    expect(answers.map((answer) => (answer.ok ? 'taken' : answer.refusal.code))).toEqual(['taken', 'deck_malformed', 'import_out_of_sequence', 'import_out_of_sequence']);
    granted(await append(1, '40,0.08\n'));
    expect(granted(await finish())).toMatchObject({ acceptedCount: 2n, errorCount: 0n });
  });

  it('takes a piece or finds it too early where another instance has the one in front', async () => {
    const [first, second] = await Promise.all([append(0, '36,0.09\n'), rig.another().appendDeckImport({ importId, sequence: 1, csv: Buffer.from('40,0.08\n') })]);
    granted(first);
    if (!second.ok) expect(second.refusal.code).toBe('import_out_of_sequence');
    granted(await append(1, '40,0.08\n'));
    expect(await stored()).toEqual({ pieces: 2, next: 2, rows: 2n });
  });

  it('keeps nothing of a piece that is refused, so that the right one may follow', async () => {
    expect(await append(0, 'code,rate,price\n36,1,2\n')).toMatchObject({ ok: false, refusal: { code: 'deck_malformed', field: 'columns' } });
    expect(await stored()).toEqual({ pieces: 0, next: 0, rows: 0n });
    granted(await append(0, 'code,rate\n36,0.09\n'));
    expect(granted(await finish())).toMatchObject({ acceptedCount: 1n });
  });

  it('refuses a line without end before it fills the memory', async () => {
    expect(await append(0, `36,0.09\n40,"${'x'.repeat(70_000)}`)).toMatchObject({ ok: false, refusal: { code: 'deck_malformed', field: 'csv' } });
  });

  it('takes an empty piece, and a file of nothing but a header', async () => {
    granted(await append(0, ''));
    granted(await append(1, 'prefix,rate\n'));
    expect(await finish()).toMatchObject({ ok: false, refusal: { code: 'deck_empty' } });
  });

  it('keeps bad rows of every piece under the line of the whole file', async () => {
    granted(await append(0, 'prefix,rate\n36,0.09\nbad,1\n'));
    granted(await append(1, '40,free\n\u000043,1\n'));
    granted(await append(2, '44,0.1'));
    granted(await finish());
    const { errors = [] } = granted(await rig.ask.listDeckImportErrors({ importId, afterLine: 0n }));
    expect(errors.map(({ line, column, code, value }) => `${line}:${column}:${code}:${value}`)).toEqual([
      '3:prefix:prefix_malformed:bad', '4:rate:rate_malformed:free', '5:prefix:prefix_malformed:43',
    ]);
  });

  it.each<[what: string, sequence: number, field: string, code: string]>([
    ['a piece too early', 1, 'sequence', 'import_out_of_sequence'],
    ['a piece far too early', 4_000_000_000, 'sequence', 'import_out_of_sequence'],
  ])('refuses %s, and says which is next', async (_, sequence, field, code) => {
    expect(await append(sequence, 'x')).toMatchObject({ ok: false, refusal: { code, field, facts: { nextSequence: '0' } } });
  });

  it('refuses a piece after the end, under the name that the caller gave', async () => {
    granted(await append(0, '36,0.09'));
    granted(await finish());
    expect(await append(2, 'x')).toMatchObject({ ok: false, refusal: { code: 'import_finished', field: 'importId' } });
  });

  it('refuses to begin for a plan that there is none of, under the name that the caller gave', async () => {
    expect(await rig.ask.beginDeckImport({ kind: DeckKind.RETAIL, ownerId: 99 })).toMatchObject({ ok: false, refusal: { code: 'unknown_plan', field: 'ownerId' } });
  });
});
