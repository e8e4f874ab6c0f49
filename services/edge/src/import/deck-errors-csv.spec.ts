import { describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { ListDeckImportErrorsReplySchema, RowErrorSchema } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import { deckErrorsCsv } from './deck-errors-csv.ts';

/** A catalog with errors in so many lines, two to a page. */
function catalogOf(values: readonly string[]) {
  const asked: bigint[] = [];
  const errors = values.map((value, at) => create(RowErrorSchema, { line: BigInt(at + 2), column: 'prefix', code: 'prefix_malformed', value, advice: 'Mend it.' }));
  return {
    asked,
    listDeckImportErrors: async ({ afterLine = 0n }: { readonly afterLine?: bigint }) => {
      asked.push(afterLine);
      return ok(create(ListDeckImportErrorsReplySchema, { errors: errors.filter(({ line }) => line > afterLine).slice(0, 2), errorCount: 5n }));
    },
  };
}

async function textOf(catalog: Parameters<typeof deckErrorsCsv>[0]): Promise<string> {
  const parts: string[] = [];
  for await (const part of await deckErrorsCsv(catalog, 'i-1')) parts.push(part);
  return parts.join('');
}

describe('the errors of an import as CSV', () => {
  it('are all of them, page by page', async () => {
    const catalog = catalogOf(['a', 'b', 'c']);
    const rows = ['2,prefix,prefix_malformed,a,Mend it.', '3,prefix,prefix_malformed,b,Mend it.', '4,prefix,prefix_malformed,c,Mend it.'];
    expect(await textOf(catalog)).toBe(`line,column,code,value,what to do\n${rows.join('\n')}\n`);
    expect(catalog.asked).toEqual([0n, 3n, 4n]);
  });

  it('are a header alone where there are none', async () => {
    expect(await textOf(catalogOf([]))).toBe('line,column,code,value,what to do\n');
  });

  it.each([
    ['=HYPERLINK("x")', `"'=HYPERLINK(""x"")"`],
    ['+36', `'+36`],
    ['@SUM(1)', `'@SUM(1)`],
    ['4479, 4478', '"4479, 4478"'],
    ['two\nlines', '"two\nlines"'],
    ['36', '36'],
  ])('have the value %j as %j, which no spreadsheet computes', async (value, written) => {
    expect(await textOf(catalogOf([value]))).toContain(`prefix_malformed,${written},Mend it.`);
  });

  it('are refused before the first byte where there is no such import', async () => {
    const refusing = { listDeckImportErrors: async () => refuse({ code: 'unknown_import' as const }) };
    await expect(deckErrorsCsv(refusing, 'i-1')).rejects.toMatchObject({ refusal: { code: 'unknown_import' } });
  });
});
