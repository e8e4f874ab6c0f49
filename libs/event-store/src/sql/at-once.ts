/** One statement that changes something, to be carried out with others as a whole. */
export interface StatementPart {
  /** What the parts behind it, and the answer, know its rows by. */
  readonly name: string;
  /** With parameters of its own, from `$1` on. */
  readonly text: string;
  readonly paramCount: number;
}

const parameter = /\$(\d+)/g;

/**
 * The text of one statement that does what its parts say, all of it or nothing, and then answers: one trip, and nothing
 * of it half done whatever fails, with no BEGIN and COMMIT around it. The parameters of the parts follow each other, those of the answer
 * come last. Parts do not see what others write, except for the rows that those return.
 */
export function atOnce(parts: readonly StatementPart[], answer: string): string {
  let before = 0;
  const behind = (text: string) => text.replaceAll(parameter, (_, number: string) => `$${Number(number) + before}`);
  const named = parts.map(({ name, text, paramCount }) => {
    const part = `${name} AS (${behind(text).trim()})`;
    before += paramCount;
    return part;
  });
  return `WITH ${named.join(',\n')}\n${behind(answer)}`;
}
