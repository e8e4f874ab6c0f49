import type { ReadModel, Sql } from '@tollwire/event-store';
import type { NormalizeOptions } from '@tollwire/telecom';
import type { NumberRulesEvent, NumberSource } from '../domain/number-rules.ts';

/** What the name of a stream of rules begins with. */
export const numberRulesStreamPrefix = 'number-rules-';

const keep = `
  insert into number_rules (switch_id, trunk, rules, set_by, set_at) values ($1, $2, $3::jsonb, $4, from_us($5))
  on conflict (switch_id, trunk) do update set rules = excluded.rules, set_by = excluded.set_by, set_at = excluded.set_at`;

/** The rules of every switch and trunk that has any. */
export const numberRulesTable: ReadModel<NumberRulesEvent> = {
  name: 'number-rules-table',
  table: 'number_rules',
  streamPrefix: numberRulesStreamPrefix,
  async apply(tx, recorded) {
    for (const { event } of recorded) {
      if (event.type === 'NumberRulesSet') await tx.query(keep, [event.switchId, event.trunk, JSON.stringify(event.rules), event.by, event.at]);
      else await tx.query('delete from number_rules where switch_id = $1 and trunk = $2', [event.switchId, event.trunk]);
    }
  },
  async clear(tx) {
    await tx.query('lock table number_rules in exclusive mode');
    await tx.query('delete from number_rules');
  },
};

/** Rules as their table has them. */
export interface KeptNumberRules extends NumberSource {
  readonly rules: NormalizeOptions;
  readonly setBy: string;
  readonly setAtUs: number;
}

/** All that are in force, by switch and trunk. */
export async function readNumberRules(sql: Sql): Promise<KeptNumberRules[]> {
  return await sql.query<KeptNumberRules>(
    'select switch_id as "switchId", trunk, rules, set_by as "setBy", to_us(set_at)::float8 as "setAtUs" from number_rules order by switch_id, trunk',
  );
}
