import type { Sql } from '@tollwire/event-store';
import type { FraudAction, FraudMeasure, FraudRule, FraudSubject, HighRisk } from '../domain/fraud-rule.ts';

/** The rules that are at work, and the ranges of high risk, as they stand. */
export interface Watch {
  readonly rules: readonly FraudRule[];
  readonly highRisk: HighRisk;
}

/** A rule as it is kept. */
export interface RuleRow {
  readonly id: number;
  readonly name: string;
  readonly subject_kind: FraudSubject;
  readonly measure: FraudMeasure;
  readonly window_sec: number;
  readonly limit_amount: bigint;
  readonly currency: string;
  readonly ranges: string;
  readonly payers: readonly string[];
  readonly except_payers: readonly string[];
  readonly short_sec: number;
  readonly action: FraudAction;
  readonly set_at_us: bigint;
  readonly set_by: string;
  readonly retired_at_us: bigint | null;
  readonly retired_by: string | null;
}

export const ruleColumns = 'id, name, subject_kind, measure, window_sec, limit_amount, currency, ranges, payers, except_payers, short_sec, action, set_at_us, set_by, retired_at_us, retired_by';

/** What one instance keeps of the watch in memory: the rules, read anew when any instance has changed them, and whose sums have grown. */
export class WatchBook {
  #revision: bigint | undefined;
  #watch: Watch = { rules: [], highRisk: () => undefined };
  #grown: Map<string, { readonly ruleId: number; readonly subject: string }> | undefined;

  /** The watch as it stands in `sql`. */
  async watch(sql: Sql): Promise<Watch> {
    const [row] = await sql.query<{ revision: bigint }>('SELECT revision FROM fraud_revision');
    if (row === undefined || row.revision === this.#revision) return this.#watch;
    const rules = await sql.query<RuleRow>(`SELECT ${ruleColumns} FROM fraud_rule WHERE retired_at_us IS NULL ORDER BY id`);
    const ranges = await sql.query<{ prefix: string }>('SELECT prefix FROM fraud_range');
    this.#watch = { rules: rules.map(ruleOfRow), highRisk: longestOf(new Set(ranges.map(({ prefix }) => prefix))) };
    this.#revision = row.revision;
    return this.#watch;
  }

  /** Whether there are no rules, as far as this instance knows: another's are heard of when the watch is next asked for. */
  get isIdle(): boolean {
    return this.#revision !== undefined && this.#watch.rules.length === 0;
  }

  /** The watch is another now: it is read anew before the next event. */
  expire(): void {
    this.#revision = undefined;
  }

  /** Notes whose sums have grown; told after the commit that made them. */
  noteGrown(grown: Iterable<{ readonly ruleId: number; readonly subject: string }>): void {
    if (this.#grown === undefined) return;
    for (const { ruleId, subject } of grown) this.#grown.set(`${ruleId} ${subject}`, { ruleId, subject });
  }

  /** Whose sums have grown since the last time; undefined where that is not known: then all are to be looked at. */
  takeGrown(): readonly { readonly ruleId: number; readonly subject: string }[] | undefined {
    const grown = this.#grown;
    this.#grown = new Map();
    return grown === undefined ? undefined : [...grown.values()];
  }

  /** What was taken could not be looked at: the next run looks at all. */
  forgetGrown(): void {
    this.#grown = undefined;
  }
}

export function ruleOfRow(row: RuleRow): FraudRule {
  const { id, name, measure, currency, action } = row;
  const ranges = row.ranges === 'any' || row.ranges === 'high_risk' ? row.ranges : row.ranges.split(',');
  const whose = { by: row.subject_kind, payers: row.payers, exceptPayers: row.except_payers };
  return { id, name, measure, windowSec: row.window_sec, limit: row.limit_amount, currency, ranges, ...whose, shortSec: row.short_sec, action, sinceUs: Number(row.set_at_us) };
}

function longestOf(prefixes: ReadonlySet<string>): HighRisk {
  const lengths = [...new Set([...prefixes].map(({ length }) => length))].toSorted((one, other) => other - one);
  return (called) => {
    for (const length of lengths) if (called.length >= length && prefixes.has(called.slice(0, length))) return called.slice(0, length);
    return undefined;
  };
}
