import { pgArray, type Sql } from '@tollwire/event-store';
import { maskedNumber } from '@tollwire/telecom';
import type { RatedRecord } from '../domain/rated-record.ts';

/** Which calls are erased, for ratings that come after that. Where none is, nothing is asked. */
export class ErasedCalls {
  #are = false;

  /** Whether any call is erased, looked at each second by every instance. */
  async refresh(sql: Sql): Promise<void> {
    this.#are ||= (await sql.query('SELECT FROM masked_call LIMIT 1')).length > 0;
  }

  /** This instance has just noted calls. */
  heard(): void {
    this.#are = true;
  }

  /** Ratings as they are kept and told: those of erased calls do not say who was called. */
  async masked(sql: Sql, records: readonly RatedRecord[]): Promise<readonly RatedRecord[]> {
    if (!this.#are || records.length === 0) return records;
    const rows = await sql.query<{ call_key: string }>('SELECT call_key FROM masked_call WHERE call_key = ANY($1::text[])', [pgArray('text', records, ({ callKey }) => callKey)]);
    const erased = new Set(rows.map(({ call_key: key }) => key));
    return records.map((record) => (erased.has(record.callKey) ? { ...record, rated: { ...record.rated, calledE164: maskedNumber(record.rated.calledE164) } } : record));
  }
}
