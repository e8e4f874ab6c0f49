import { type Meter, metrics } from '@opentelemetry/api';
import type { Sql } from '@tollwire/event-store';
import { metricNames } from '@tollwire/platform/metrics';

/** One authorization as it is counted: whether it was allowed, and if not the code of its refusal. */
export type Decided =
  | { readonly case: 'authorized' }
  | { readonly case: 'refusal'; readonly value: { readonly code: string } }
  | { readonly case: undefined };

/** A charge as it is counted: what it took now, which a re-rating may make less than nothing. */
export interface CountedCharge {
  readonly currency: string;
  readonly postedNanos: bigint;
}

const nanosPerUnit = 1e9;

/** Counts what card decides about credit, for dashboards and alerts; the books are the ledger. */
export function creditCounts(meter: Pick<Meter, 'createCounter' | 'createUpDownCounter'> = metrics.getMeter('tollwire')) {
  const authorizations = meter.createCounter(metricNames.authorizations, { description: 'Authorizations, by outcome and code' });
  const charges = meter.createCounter(metricNames.charges, { description: 'Ratings that were charged' });
  const units = meter.createUpDownCounter(metricNames.chargedUnits, { description: 'What was charged, in units of the currency; rounded, for graphs only' });
  const expired = meter.createCounter(metricNames.expiredReservations, { description: 'Reservations whose time was over before their call was rated' });
  return {
    authorized(decided: readonly Decided[]): void {
      for (const each of decided) authorizations.add(1, outcomeOf(each));
    },
    charged(posted: readonly CountedCharge[]): void {
      for (const { currency, postedNanos } of posted) {
        charges.add(1, { currency });
        units.add(Number(postedNanos) / nanosPerUnit, { currency });
      }
    },
    expired(count: number): void {
      if (count > 0) expired.add(count);
    },
  };
}

function outcomeOf(decided: Decided): { outcome: 'allowed' } | { outcome: 'refused'; code: string } {
  if (decided.case === 'authorized') return { outcome: 'allowed' };
  return { outcome: 'refused', code: decided.case === 'refusal' ? decided.value.code : 'internal_error' };
}

/** An extension as it is counted: what it led to. */
export type DecidedExtension =
  | { readonly case: 'extended'; readonly value: { readonly finalUnit: boolean } }
  | { readonly case: 'refusal'; readonly value: { readonly code: string } }
  | { readonly case: undefined; readonly value?: undefined };

/** Counts what becomes of calls that were let through, before they are rated. */
export function callCounts(meter: Pick<Meter, 'createCounter'> = metrics.getMeter('tollwire')) {
  const extensions = meter.createCounter(metricNames.extensions, { description: 'Extensions of calls, by outcome and code' });
  const released = meter.createCounter(metricNames.releasedCalls, { description: 'Calls that their switch gave up before they were attempted' });
  return {
    extended(decided: DecidedExtension): void {
      if (decided.case === 'extended') extensions.add(1, { outcome: decided.value.finalUnit ? 'final' : 'extended' });
      else extensions.add(1, { outcome: 'refused', code: decided.case === 'refusal' ? decided.value.code : 'internal_error' });
    },
    released(): void {
      released.add(1);
    },
  };
}

const countOpen = "SELECT count(*) AS open FROM reservation WHERE state = 'open'";

/** Measures, when somebody reads the metrics, how many reservations are open. */
export function observeReservations(sql: Sql, meter = metrics.getMeter('tollwire')): void {
  const open = meter.createObservableGauge(metricNames.openReservations, { description: 'Reservations whose call is not rated yet' });
  open.addCallback(async (result) => {
    const [row] = await sql.query<{ open: bigint }>(countOpen);
    result.observe(Number(row?.open ?? 0n));
  });
}
