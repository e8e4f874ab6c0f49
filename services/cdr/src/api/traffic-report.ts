import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CodedRefusal, TrafficFiguresSchema, TrafficReportRequest, TrafficReportReplySchema } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { ratiosOf, type TrafficSums } from '../domain/traffic.ts';
import { dimensions } from '../projections/fold-reports.ts';

/** What a report is broken down by. */
export const groupings: ReadonlySet<string> = new Set(['all', 'country', ...dimensions]);
const stepMin: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1440, whole: 0 };

const minuteUs = 60_000_000n;
const hourMin = 60n;
const rowsMax = 20_000;
const minutesMax = 31n * 1440n;
const int64Max = 9_223_372_036_854_775_807n;

/** Sums of one row of a report, of one pair of currencies; a numeric comes as text. */
export interface BucketRow {
  readonly at: number;
  readonly value: string;
  readonly name: string;
  readonly currency: string;
  readonly buy_currency: string;
  readonly calls: bigint;
  readonly answered: bigint;
  readonly effective: bigint;
  readonly short: bigint;
  readonly abandoned: bigint;
  readonly talk_us: bigint;
  readonly billed_sec: bigint;
  readonly pdd_us: bigint;
  readonly pdd_calls: bigint;
  readonly reroutes: bigint;
  readonly reroutes_effective: bigint;
  readonly sell: string;
  readonly buy: string;
  readonly margin: string;
}

const counts = ['calls', 'answered', 'effective', 'short', 'abandoned', 'talk_us', 'billed_sec', 'pdd_us', 'pdd_calls', 'reroutes', 'reroutes_effective'] as const;

/** A country is the sum of its destinations, as the number plan names them. */
const places: Readonly<Record<string, { readonly value: string; readonly name: string }>> = {
  country: { value: `coalesce(d.country_code, '')`, name: `coalesce(d.country_name, '')` },
  destination: { value: 's.value', name: `coalesce(d.prefix || ' ' || d.country_name || CASE WHEN d.subcode = '' THEN '' ELSE ' ' || d.subcode END, '')` },
};
const amounts = ['sell', 'buy', 'margin'] as const;

/** Buckets are summed up before they are named: there are hundreds of them for each row of an answer. */
function reportSql(groupBy: string, stepLength: number): string {
  const place = places[groupBy];
  const { value, name } = place ?? { value: 's.value', name: `''` };
  const at = stepLength === 0 ? '$3::int' : `b.at_min - b.at_min % ${stepLength}`;
  return `
    SELECT s.at, ${value} AS value, ${name} AS name, s.currency, s.buy_currency,
      ${counts.map((count) => `sum(s.${count})::bigint AS ${count}`).join(', ')}, ${amounts.map((amount) => `sum(s.${amount})::text AS ${amount}`).join(', ')}
    FROM (
      SELECT ${at} AS at, b.value, b.currency, b.buy_currency,
        ${counts.map((count) => `sum(b.${count})::bigint AS ${count}`).join(', ')}, ${amounts.map((amount) => `sum(b.${amount}_nanos) AS ${amount}`).join(', ')}
      FROM report_bucket b
      WHERE b.dimension = $1 AND b.grain = $2 AND b.at_min >= $3 AND b.at_min < $4
      GROUP BY 1, 2, 3, 4
    ) s ${place === undefined ? '' : 'LEFT JOIN destination d ON d.countryprefixid::text = s.value'}
    WHERE $5 = '' OR ${value} = $5
    GROUP BY 1, 2, 3, 4, 5 HAVING sum(s.calls) <> 0 OR sum(s.reroutes) <> 0 ORDER BY 1, 2 LIMIT ${rowsMax + 1}`;
}

export type ReportQuestion = Pick<TrafficReportRequest, 'groupBy' | 'step' | 'fromUs' | 'untilUs' | 'value'>;

/** The rows of a question that was checked. Hours are summed where the question is about whole hours, minutes else. */
export async function bucketRows(sql: Sql, { groupBy, step, fromUs, untilUs, value }: ReportQuestion): Promise<BucketRow[]> {
  const [fromMin, untilMin] = [fromUs / minuteUs, untilUs / minuteUs];
  const dimension = groupBy === 'country' ? 'destination' : groupBy;
  return await sql.query<BucketRow>(reportSql(groupBy, stepMin[step] ?? 0), [dimension, grainOf(step, fromMin, untilMin), fromMin, untilMin, value]);
}

function grainOf(step: string, fromMin: bigint, untilMin: bigint): 'minute' | 'hour' {
  return step !== 'minute' && fromMin % hourMin === 0n && untilMin % hourMin === 0n ? 'hour' : 'minute';
}

/**
 * What the calls that started in `[fromUs, untilUs)` and are over amount to, broken down, and beside it what the calls of
 * an earlier time of the same length did. A few seconds behind the calls. Ratios are left out where there is nothing to
 * divide by. Amounts of different currencies are never added; the margin of a currency is what came in in it less what
 * went out. Refuses a question that is not about whole minutes, one by minutes over more than 31 days, and an answer of
 * more than 20,000 rows.
 */
export async function trafficReport(sql: Sql, request: TrafficReportRequest): Promise<Result<MessageInitShape<typeof TrafficReportReplySchema>, CodedRefusal>> {
  const refusal = refusalOf(request);
  if (refusal !== undefined) return refuse(refusal);
  const { compareFromUs, fromUs, untilUs } = request;
  const isCompared = compareFromUs !== 0n;
  const rows = await bucketRows(sql, request);
  const earlier = isCompared ? await bucketRows(sql, { ...request, fromUs: compareFromUs, untilUs: compareFromUs + untilUs - fromUs }) : [];
  if (rows.length + earlier.length > rowsMax) return refuse({ code: 'reply_too_large', detail: 'Ask for a shorter time or a longer step.' });
  const shiftMin = Number((fromUs - compareFromUs) / minuteUs);
  const [now, before] = [grouped(rows, 0), grouped(earlier, shiftMin)];
  const keys = [...new Set([...now.keys(), ...before.keys()])];
  const beyond = [...rows, ...earlier].find(({ sell, buy }) => BigInt(sell) > int64Max || BigInt(buy) > int64Max);
  if (beyond !== undefined) return refuse({ code: 'reply_too_large', detail: 'Ask for a shorter time.', facts: { currency: beyond.currency } });
  return ok({ rows: keys.map((key) => rowOf(request.groupBy, now.get(key), before.get(key), shiftMin, isCompared)).toSorted(byTimeThenCalls) });
}

function refusalOf({ groupBy, step, fromUs, untilUs, compareFromUs, value }: TrafficReportRequest): CodedRefusal | undefined {
  if (!groupings.has(groupBy)) return { code: 'field_malformed', field: 'groupBy', facts: { allowed: [...groupings].join(', ') } };
  if (!Object.hasOwn(stepMin, step)) return { code: 'field_malformed', field: 'step', facts: { allowed: Object.keys(stepMin).join(', ') } };
  if (value.includes('\0')) return { code: 'field_malformed', field: 'value' };
  for (const [field, us] of Object.entries({ fromUs, untilUs, compareFromUs })) {
    if (us < 0n || us % minuteUs !== 0n || us / minuteUs > 2_147_483_647n) return { code: 'field_malformed', field, detail: 'Reports are about whole minutes: name one without seconds.' };
  }
  if (untilUs <= fromUs) return { code: 'field_out_of_range', field: 'untilUs', detail: 'The time ends before it begins.' };
  const [fromMin, untilMin] = [fromUs / minuteUs, untilUs / minuteUs];
  if (grainOf(step, fromMin, untilMin) === 'minute' && untilMin - fromMin > minutesMax) return { code: 'field_out_of_range', field: 'untilUs', detail: 'Ask for whole hours, or for 31 days at most.' };
  return undefined;
}

function grouped(rows: readonly BucketRow[], shiftMin: number): Map<string, BucketRow[]> {
  return Map.groupBy(rows, ({ at, value }) => `${at + shiftMin}/${value}`);
}

type Row = NonNullable<MessageInitShape<typeof TrafficReportReplySchema>['rows']>[number];

function rowOf(groupBy: string, now: readonly BucketRow[] | undefined, before: readonly BucketRow[] | undefined, shiftMin: number, isCompared: boolean): Row {
  const first = now?.[0];
  const known = first ?? before?.[0];
  const atMin = first?.at ?? (known?.at ?? 0) + shiftMin;
  return {
    atUs: BigInt(atMin) * minuteUs,
    value: known?.value ?? '',
    name: known?.name ?? '',
    figures: figuresOf(groupBy, now ?? []),
    ...(isCompared ? { compared: figuresOf(groupBy, before ?? []) } : {}),
  };
}

function byTimeThenCalls(a: Row, b: Row): number {
  const byTime = Number((a.atUs ?? 0n) - (b.atUs ?? 0n));
  return byTime === 0 ? Number((b.figures?.callCount ?? 0n) - (a.figures?.callCount ?? 0n)) : byTime;
}

/** The sums of rows that differ by their currencies only. A carrier is measured by the attempts over it, also those after which another was tried. */
export function sumsOf(groupBy: string, rows: readonly BucketRow[]): TrafficSums & { abandonedCount: bigint; billedSec: bigint } {
  const sum = (of: (row: BucketRow) => bigint) => rows.reduce((total, row) => total + of(row), 0n);
  const ofCarrier = (count: bigint) => (groupBy === 'carrier' ? count : 0n);
  return {
    callCount: sum((row) => row.calls),
    attemptCount: sum((row) => row.calls + ofCarrier(row.reroutes)),
    answeredCount: sum((row) => row.answered),
    effectiveCount: sum((row) => row.effective + ofCarrier(row.reroutes_effective)),
    shortCount: sum((row) => row.short),
    abandonedCount: sum((row) => row.abandoned),
    talkUs: sum((row) => row.talk_us),
    billedSec: sum((row) => row.billed_sec),
    pddUs: sum((row) => row.pdd_us),
    pddCount: sum((row) => row.pdd_calls),
  };
}

function figuresOf(groupBy: string, rows: readonly BucketRow[]): MessageInitShape<typeof TrafficFiguresSchema> {
  const all = sumsOf(groupBy, rows);
  const { talkUs, pddUs: _, pddCount: __, ...sums } = all;
  const ratios = Object.entries(ratiosOf(all)).filter(([, ratio]) => ratio !== undefined);
  return { ...sums, talkMs: talkUs / 1000n, ...Object.fromEntries(ratios), money: moneyOf(rows) };
}

/** What came in and went out in each currency; the margin is of what came in, whatever currency it was bought in. */
export function moneyOf(rows: readonly BucketRow[]): { currency: string; sellNanos: bigint; buyNanos: bigint; marginNanos: bigint }[] {
  const currencies = [...new Set(rows.flatMap(({ currency, buy_currency: buy }) => [currency, buy]))].filter((currency) => currency !== '').toSorted();
  return currencies.map((currency) => {
    const sellNanos = rows.reduce((sum, row) => (row.currency === currency ? sum + BigInt(row.sell) : sum), 0n);
    const buyNanos = rows.reduce((sum, row) => (row.buy_currency === currency ? sum + BigInt(row.buy) : sum), 0n);
    const marginNanos = rows.reduce((sum, row) => (row.currency === currency ? sum + BigInt(row.margin) : sum), 0n);
    return { currency, sellNanos, buyNanos, marginNanos };
  });
}
