import type { Api } from '../client/api.ts';
import { statement } from './replies.ts';
import type { Statement } from './replies.ts';

/** A statement whole: its pages put together, from the first opening to the last closing balance. */
export async function wholeStatement(api: Pick<Api, 'get'>, path: string, stretch: string): Promise<Omit<Statement, 'nextCursor'>> {
  const { nextCursor, ...whole } = await api.get(`${path}?${stretch}pageSize=1000`, statement);
  for (let cursor = nextCursor; cursor !== undefined; ) {
    const page = await api.get(`${path}?pageSize=1000&cursor=${encodeURIComponent(cursor)}`, statement);
    whole.lines.push(...page.lines);
    whole.closing = page.closing;
    cursor = page.nextCursor;
  }
  return whole;
}
