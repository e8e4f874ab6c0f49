import { instantUs } from '@tollwire/core';
import type { InstantUs } from '@tollwire/core';

/** When the lifetime of a card begins; or that its end is a date, the same for all cards of the type. */
export const expiryBeginnings = ['activation', 'first_use', 'making', 'date'] as const;
export type ExpiresFrom = (typeof expiryBeginnings)[number];

/** What decides when a card ends. Absent members stand on cards from before the choice: from activation, by order. */
export interface ExpiryTerms {
  /** Days from the beginning; 0 means for ever. */
  readonly lifetimeDays: number;
  readonly expiresFrom?: ExpiresFrom;
  /** The end of a card whose end is a date; null on every other. */
  readonly expiresOn?: InstantUs | null;
}

const secondsPerDay = 86_400;

/** The end of a card that `beginning` happens to at `at`: 90 days from 2024-01-01 00:00 end at 2024-03-31 00:00. Null: not by that. */
export function expiryAt(beginning: Exclude<ExpiresFrom, 'date'>, terms: ExpiryTerms, at: InstantUs): InstantUs | null {
  const isBeginning = (terms.expiresFrom ?? 'activation') === beginning;
  return isBeginning && terms.lifetimeDays > 0 ? instantUs(at + terms.lifetimeDays * secondsPerDay * 1_000_000) : null;
}

/** The end that a card has from the day it is made, by a date or by days from then; null where it is still to be seen. */
export function expiryOfNew(terms: ExpiryTerms, at: InstantUs): InstantUs | null {
  return terms.expiresFrom === 'date' ? (terms.expiresOn ?? null) : expiryAt('making', terms, at);
}
