import { pgArray } from '@tollwire/event-store';
import type { Forgets } from '@tollwire/platform';
import type { RatingDeps } from '../rating.deps.ts';

/** Ratings that are walked over in one step: a fraction of a second. */
const ratingsAtOnce = 100_000;

const noteCalls = 'INSERT INTO masked_call (call_key) SELECT unnest($1::text[]) ORDER BY 1 ON CONFLICT DO NOTHING';
const maskCalls = 'SELECT mask_erased_ratings($1::text[])::int AS count';
const pageEnd = 'SELECT call_key FROM (SELECT call_key FROM rated_call WHERE call_key > $1 ORDER BY call_key LIMIT $2) page ORDER BY call_key DESC LIMIT 1';
const maskPage = 'SELECT mask_rated_number($1, $2, $3)::int AS count';

/** Who was called is masked in the ratings of erased calls, and wherever the number itself was called; money, prefixes and times stay. */
export const ratingForgets: Forgets<Pick<RatingDeps, 'database' | 'erased'>> = {
  calls: {
    name: 'rated_call',
    forget: async ({ database, erased }, callKeys) => {
      const keys = pgArray('text', callKeys, (key) => key);
      await database.query(noteCalls, [keys]);
      erased.heard();
      const [masked] = await database.query<{ count: number }>(maskCalls, [keys]);
      return { count: masked?.count ?? 0 };
    },
  },
  places: [{
    name: 'rated_call',
    forget: async ({ database }, digits, after) => {
      const [end] = await database.query<{ call_key: string }>(pageEnd, [after, ratingsAtOnce]);
      if (end === undefined) return { count: 0 };
      const [masked] = await database.query<{ count: number }>(maskPage, [digits, after, end.call_key]);
      return { count: masked?.count ?? 0, next: end.call_key };
    },
  }],
};
