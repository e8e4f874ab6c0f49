import { create, fromJsonString, toJsonString } from '@bufbuild/protobuf';
import { RatedSideSchema, scheduleMessageOf, scheduleOf } from '@tollwire/contracts';
import type { Schedule } from '@tollwire/telecom';
import type { Derivation, RatedSide } from '../domain/price-at.ts';

/** What a derivation says beyond the columns of its side. */
export interface FurtherFacts {
  readonly schedule: Schedule | undefined;
  readonly freeSec: number;
  readonly failedAttemptCount: number;
}

/** The facts of a plain price: its columns say all. */
export const noFurtherFacts: FurtherFacts = { schedule: undefined, freeSec: 0, failedAttemptCount: 0 };

/** The facts as text for a column, JSON of the public RatedSide; null where the columns say all. */
export function furtherFactsText(side: RatedSide | undefined): string | null {
  const derivation = side?.derivation;
  return derivation?.schedule === undefined ? null : textOf(derivation, derivation.schedule);
}

function textOf({ freeSec, failedAttemptCount }: Derivation, schedule: Schedule): string {
  return toJsonString(RatedSideSchema, create(RatedSideSchema, { freeSec, failedAttemptCount, schedule: scheduleMessageOf(schedule) }));
}

/** Reads the facts that `furtherFactsText` wrote. */
export function furtherFactsOf(text: string | null): FurtherFacts {
  if (text === null) return noFurtherFacts;
  const { freeSec, failedAttemptCount, schedule } = fromJsonString(RatedSideSchema, text);
  return { schedule: schedule === undefined ? undefined : scheduleOf(schedule), freeSec, failedAttemptCount };
}
