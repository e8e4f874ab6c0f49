/**
 * Why a row of a deck is not taken, and what to do about it. Published; a code is never renamed.
 */
export const rowErrors = {
  row_malformed: 'Close the quotes of the row, and part its cells as the other rows do.',
  prefix_missing: 'Give the row a prefix, or remove it.',
  prefix_malformed: 'Write the prefix as 1 to 15 digits with the country code first, without +, 00 or letters.',
  prefix_range_malformed: 'Write both ends of the range with equally many digits, the smaller one first.',
  too_many_prefixes: 'Split the prefixes of the cell over several rows of at most 5,000.',
  unknown_prefix: 'Correct the prefix; where the country is new, load it into the number plan and import again.',
  duplicate_prefix: 'Keep one row for the prefix and date; the first one was taken.',
  rate_missing: 'Give the row a rate, or mark it as blocked.',
  rate_malformed: 'Write the rate as a decimal of at most 9 places per minute, without thousands separators.',
  rate_out_of_range: 'Give a rate from 0 to 1,000,000 per minute.',
  rate_unit_malformed: 'Give the unit as min, sec or a number of seconds from 1 to 3600.',
  currency_mismatch: 'Import rates of another currency into a plan of that currency.',
  connect_fee_malformed: 'Write the connect fee as a decimal of at most 9 places, from 0 to 1,000,000.',
  timing_malformed: 'Name a window that was said when the import began, or write one as mon-fri 08:00-20:00.',
  steps_malformed: 'Write further steps as 0.05@60/6 with spaces between, each beginning later than the one before.',
  charge_malformed: 'Write fees as decimals from 0 to 1,000,000, lengths in seconds up to 86,400, and tax as a percentage.',
  increment_malformed: 'Write increments as 30/6, or as minimum/first/next, in seconds from 1 to 3600.',
  date_malformed: 'Write the date as 2026-12-31, or say in which order the file writes day and month.',
  validity_empty: 'Let the rate end after it begins.',
  blocked_malformed: 'Write yes or no.',
} as const satisfies Record<string, string>;

/** Why a row of a deck is not taken. */
export type RowErrorCode = keyof typeof rowErrors;

/** A row error with what to do about it; nothing is known of a code of a later version. */
export function withAdvice<E extends { readonly code: string }>(error: E): E & { readonly advice: string } {
  return { ...error, advice: isRowError(error.code) ? rowErrors[error.code] : '' };
}

function isRowError(code: string): code is RowErrorCode {
  return Object.hasOwn(rowErrors, code);
}
