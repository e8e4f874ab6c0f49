import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import type { Filling } from '../../services/cdr/bench/fill-calls.ts';
import { plannedQuestions } from '../../services/cdr/bench/search-plans.ts';
import { root } from '../cli/project.ts';

const document = (rows: number, plans: readonly string[]) => `# Plans of searches

How PostgreSQL answers each search of \`GET /v1/calls\`, a page of 100, over ${rows.toLocaleString('en')} calls of 30 days. Written by
\`./tollwire bench --only search --plans\`, which takes the statements from the service itself; \`EXPLAIN (ANALYZE, COSTS OFF)\`, the second time that each is asked.

What to look for: no sequential scan of a partition that has calls, and no sort of more than a page's worth of rows. A search by carrier walks the calls by their start until it has a page,
so a carrier that hardly ever calls takes longer; a search by cause goes through the minutes of the report that have such calls, of which there are few where the cause is rare.

${plans.join('\n')}`;

/** Asks for the plan of each search and writes them into docs/SEARCH_PLANS.md. */
export async function writePlans(client: pg.Client, { untilUs, rows }: Filling): Promise<void> {
  const { rows: [one] } = await client.query<{ mark: string; uniqueid: string; name: string }>(
    'SELECT c.number_index[1]::text AS mark, c.uniqueid, s.name FROM call c JOIN voip_switch s ON s.id = c.switch_id WHERE cardinality(c.number_index) > 0 ORDER BY c.callid OFFSET 4711 LIMIT 1');
  const plans: string[] = [];
  for (const { name, text, params } of plannedQuestions({ switchId: one?.name ?? '', callId: one?.uniqueid ?? '' }, untilUs - 86_400_000_000n, BigInt(one?.mark ?? 0))) {
    await client.query({ text, values: [...params] });
    const { rows: lines } = await client.query<Record<string, string>>({ text: `EXPLAIN (ANALYZE, COSTS OFF) ${text}`, values: [...params] });
    plans.push(`## By ${name}\n\n\`\`\`\n${lines.map((line) => line['QUERY PLAN'] ?? '').join('\n')}\n\`\`\`\n`);
  }
  writeFileSync(join(root, 'docs/SEARCH_PLANS.md'), document(rows, plans));
}
