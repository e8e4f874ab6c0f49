import { type DiffSums, type RateChange, rateChanges } from '../domain/deck-diff.ts';

/** Where the rows of a difference go on: a page of one change. */
export interface DiffCursor {
  readonly change: RateChange;
  readonly page: number;
}

/** A cursor as the asker carries it to the next page. */
export function diffTokenOf({ change, page }: DiffCursor): string {
  return `${change}.${page}`;
}

/** The cursor of a token; the beginning for none; undefined for a text that is no token. */
export function diffCursorOf(token: string): DiffCursor | 'beginning' | undefined {
  if (token === '') return 'beginning';
  const [, name, page = ''] = /^([a-z]+)\.(\d{1,7})$/.exec(token) ?? [];
  const change = rateChanges.find((each) => each === name);
  return change === undefined ? undefined : { change, page: Number(page) };
}

/** The pages of these changes, one change after the other, from a cursor on. */
export function* pagesFrom(
  sums: DiffSums,
  changes: readonly RateChange[],
  rowsPerPage: number,
  begin: DiffCursor,
): Generator<DiffCursor & { readonly rowCount: number }> {
  for (const change of changes.slice(Math.max(0, changes.indexOf(begin.change)))) {
    const { rowCount } = sums[change];
    for (let page = change === begin.change ? begin.page : 0; page * rowsPerPage < rowCount; page += 1) {
      yield { change, page, rowCount: Math.min(rowsPerPage, rowCount - page * rowsPerPage) };
    }
  }
}
