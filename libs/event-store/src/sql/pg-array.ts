/** A value of an array parameter, in a form that PostgreSQL reads. */
export type PgScalar = string | number | bigint | boolean | null;

const special = /["\\]/;
const specials = /["\\]/g;

/**
 * A whole column as one PostgreSQL array literal. The driver makes these from arrays too, with two regular expressions
 * for every item, which on a batch of a thousand rows of thirty columns is the larger part of sending it. Null stays
 * null, and the text "null" stays a text. A text with a NUL is refused by PostgreSQL, as it is everywhere.
 */
export function pgArray(items: readonly PgScalar[]): string {
  let text = '{';
  for (const item of items) text += text.length === 1 ? itemText(item) : `,${itemText(item)}`;
  return `${text}}`;
}

function itemText(item: PgScalar): string {
  if (item === null) return 'NULL';
  if (typeof item !== 'string') return `${item}`;
  return special.test(item) ? `"${item.replace(specials, '\\$&')}"` : `"${item}"`;
}
