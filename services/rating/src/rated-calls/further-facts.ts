import { create, fromJsonString, toJsonString } from '@bufbuild/protobuf';
import { RatedSideSchema, scheduleMessageOf, scheduleOf } from '@tollwire/contracts';
import type { Schedule } from '@tollwire/telecom';
import type { Derivation, RatedSide, UsedAllowance } from '../domain/price-at.ts';

/** What a derivation says beyond the columns of its side. */
export interface FurtherFacts {
  readonly schedule: Schedule | undefined;
  readonly freeSec: number;
  readonly allowances: readonly UsedAllowance[];
  readonly failedAttemptCount: number;
}

/** The facts of a plain price: its columns say all. */
export const noFurtherFacts: FurtherFacts = { schedule: undefined, freeSec: 0, allowances: [], failedAttemptCount: 0 };

/** The facts as text for a column, JSON of the public RatedSide; null where the columns say all. */
export function furtherFactsText(side: RatedSide | undefined): string | null {
  const derivation = side?.derivation;
  return derivation?.schedule === undefined ? null : textOf(derivation, derivation.schedule);
}

function textOf({ freeSec, allowances, failedAttemptCount }: Derivation, schedule: Schedule): string {
  return toJsonString(RatedSideSchema, create(RatedSideSchema, { freeSec, allowances: [...allowances], failedAttemptCount, schedule: scheduleMessageOf(schedule) }));
}

/** Reads the facts that `furtherFactsText` wrote. */
export function furtherFactsOf(text: string | null): FurtherFacts {
  if (text === null) return noFurtherFacts;
  const { freeSec, allowances, failedAttemptCount, schedule } = fromJsonString(RatedSideSchema, text);
  const used = allowances.map(({ grantId, name, period, sec }) => ({ grantId, name, period, sec }));
  return { schedule: schedule === undefined ? undefined : scheduleOf(schedule), freeSec, allowances: used, failedAttemptCount };
}
