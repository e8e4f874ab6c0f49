import { pgArray, type Sql } from '@tollwire/event-store';
import type { CarrierOutcome } from '../domain/attempts.ts';
import type { QualitySums } from '../domain/carrier-quality.ts';

const MINUTE_US = 60_000_000;

/** Sums of one minute of a carrier; an empty destination is all of them. */
export interface QualityMinute extends QualitySums {
  readonly carrierCode: string;
  readonly destination: string;
  readonly atMin: number;
}

/** In the order of the key, so that two instances with the same rows wait for each other and never deadlock. */
const addSql = `
  INSERT INTO quality_minute AS q (carrier_code, destination, at_min, attempts, answered, effective, talk_us, pdd_us, pdd_calls)
  SELECT * FROM unnest($1::text[], $2::text[], $3::int[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[])
    AS u (carrier_code, destination, at_min, attempts, answered, effective, talk_us, pdd_us, pdd_calls)
  ORDER BY 1, 2, 3
  ON CONFLICT (carrier_code, destination, at_min) DO UPDATE SET
    attempts = q.attempts + excluded.attempts, answered = q.answered + excluded.answered, effective = q.effective + excluded.effective,
    talk_us = q.talk_us + excluded.talk_us, pdd_us = q.pdd_us + excluded.pdd_us, pdd_calls = q.pdd_calls + excluded.pdd_calls`;

/** What outcomes add to their minutes: those of each destination, and those of all. Nothing of what ended before `sinceUs` or after `untilUs`. */
export function minutesOf(outcomes: readonly CarrierOutcome[], sinceUs: number, untilUs: number): QualityMinute[] {
  const minutes = new Map<string, QualityMinute>();
  for (const outcome of outcomes) {
    if (outcome.endedAtUs < sinceUs || outcome.endedAtUs >= untilUs) continue;
    for (const destination of new Set(['', outcome.destination])) {
      const atMin = Math.floor(outcome.endedAtUs / MINUTE_US);
      const key = `${outcome.carrierCode}\0${destination}\0${atMin}`;
      minutes.set(key, { carrierCode: outcome.carrierCode, destination, atMin, ...sumOf(minutes.get(key), outcome) });
    }
  }
  return [...minutes.values()];
}

function sumOf(before: QualitySums | undefined, { isAnswered, isEffective, talkUs, pddUs }: CarrierOutcome): QualitySums {
  return {
    attempts: (before?.attempts ?? 0) + 1,
    answered: (before?.answered ?? 0) + Number(isAnswered),
    effective: (before?.effective ?? 0) + Number(isEffective),
    talkUs: (before?.talkUs ?? 0) + talkUs,
    pddUs: (before?.pddUs ?? 0) + (pddUs ?? 0),
    pddCalls: (before?.pddCalls ?? 0) + Number(pddUs !== undefined),
  };
}

/** Adds sums to those that are kept. */
export async function addMinutes(tx: Sql, minutes: readonly QualityMinute[]): Promise<void> {
  if (minutes.length === 0) return;
  await tx.query(addSql, [
    minutes.map(({ carrierCode }) => carrierCode), minutes.map(({ destination }) => destination), minutes.map(({ atMin }) => atMin),
    minutes.map(({ attempts }) => attempts), minutes.map(({ answered }) => answered), minutes.map(({ effective }) => effective),
    minutes.map(({ talkUs }) => talkUs), minutes.map(({ pddUs }) => pddUs), minutes.map(({ pddCalls }) => pddCalls),
  ]);
}

/** Where the attempts of a carrier are counted from: later than the window begins, where a lock has ended within it. */
export interface CountedSince {
  readonly carrierCode: string;
  readonly destination: string;
  readonly sinceUs: number;
}

export type MeasuredSums = Omit<QualityMinute, 'atMin'>;

const sumSql = `
  WITH later AS MATERIALIZED (SELECT * FROM unnest($2::text[], $3::text[], $4::int[]) AS s (carrier_code, destination, since_min))
  SELECT q.carrier_code AS "carrierCode", q.destination, sum(q.attempts)::float8 AS attempts, sum(q.answered)::float8 AS answered, sum(q.effective)::float8 AS effective,
    sum(q.talk_us)::float8 AS "talkUs", sum(q.pdd_us)::float8 AS "pddUs", sum(q.pdd_calls)::float8 AS "pddCalls"
  FROM quality_minute q
  LEFT JOIN later s ON s.carrier_code = q.carrier_code AND s.destination = q.destination
  LEFT JOIN later w ON w.carrier_code = q.carrier_code AND w.destination = ''
  WHERE q.at_min >= greatest($1::int, s.since_min, w.since_min)
  GROUP BY q.carrier_code, q.destination ORDER BY q.carrier_code COLLATE "C", q.destination COLLATE "C"`;

/** The sums over all minutes since an instant, of each carrier and destination. */
export async function sumMinutes(sql: Sql, sinceUs: number, later: readonly CountedSince[]): Promise<MeasuredSums[]> {
  const minuteOf = (us: number) => Math.floor(us / MINUTE_US);
  return await sql.query<MeasuredSums>(sumSql, [
    minuteOf(sinceUs), later.map(({ carrierCode }) => carrierCode), later.map(({ destination }) => destination), later.map((each) => minuteOf(each.sinceUs)),
  ]);
}

/** Keeps that calls ring, until their end is told. */
export async function keepRinging(tx: Sql, ringing: readonly { readonly callKey: string; readonly ringingAtUs: number }[]): Promise<void> {
  if (ringing.length === 0) return;
  await tx.query(
    `INSERT INTO call_ringing (call_key, ringing_at_us) SELECT * FROM unnest($1::text[], $2::bigint[]) AS u (call_key, ringing_at_us) ORDER BY 1 ON CONFLICT DO NOTHING`,
    [ringing.map(({ callKey }) => callKey), ringing.map(({ ringingAtUs }) => ringingAtUs)],
  );
}

/** When calls rang that are over now: taken away with the answer. */
export async function takeRinging(tx: Sql, callKeys: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await tx.query<{ call_key: string; at: number }>(
    `DELETE FROM call_ringing r USING (SELECT call_key FROM call_ringing WHERE call_key = ANY($1::text[]) ORDER BY call_key FOR UPDATE) d
     WHERE r.call_key = d.call_key RETURNING r.call_key, r.ringing_at_us::float8 AS at`,
    [pgArray('text', callKeys, (key) => key)],
  );
  return new Map(rows.map(({ call_key, at }) => [call_key, at]));
}

/** Forgets what no window reaches any more. */
export async function pruneQuality(sql: Sql, beforeUs: number): Promise<void> {
  await sql.query('DELETE FROM quality_minute WHERE at_min < $1', [Math.floor(beforeUs / MINUTE_US)]);
  await sql.query('DELETE FROM call_ringing WHERE ringing_at_us < $1', [beforeUs]);
}
