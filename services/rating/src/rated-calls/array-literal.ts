/**
 * A whole column as one PostgreSQL array literal. `pg` makes these from arrays too, with a check of each element's kind;
 * a batch of rated calls has forty thousand elements of a kind that is known.
 */
export function numbersLiteral(values: readonly (number | bigint | null)[]): string {
  let text = '{';
  for (const value of values) text += value === null ? 'null,' : `${value},`;
  return closed(text);
}

/** As numbersLiteral, for texts; null stays null, and the text "null" stays a text. */
export function textsLiteral(values: readonly (string | null)[]): string {
  let text = '{';
  for (const value of values) text += value === null ? 'null,' : `"${SPECIAL.test(value) ? value.replace(ESCAPED, '\\$&') : value}",`;
  return closed(text);
}

const SPECIAL = /["\\]/;
const ESCAPED = /["\\]/g;

function closed(text: string): string {
  return text.length === 1 ? '{}' : `${text.slice(0, -1)}}`;
}
