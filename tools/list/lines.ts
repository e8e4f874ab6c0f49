import type { ListBodyEntry } from './options.ts';
import type { Changed, ListEntry, ListNotice } from './replies.ts';

/** An entry in one line: what it is, since when and by whom, and how often calls met it. */
export function entryLine(entry: ListEntry): string {
  const { prefix, country, prefixCount, reason, listed, listedAt, listedBy, delistedAt, delistedBy, stoppedCount, passedCount, lastHitAt } = entry;
  const what = country === undefined ? prefix : `${country} (${prefixCount} ${prefixCount === 1 ? 'prefix' : 'prefixes'})`;
  const hits = lastHitAt === undefined ? 'no hits' : `stopped ${stoppedCount}, passed ${passedCount}, last ${lastHitAt.slice(0, 19)}Z`;
  const off = listed ? '' : `, taken off ${delistedAt?.slice(0, 19)}Z by ${delistedBy}`;
  return `${what}  since ${listedAt.slice(0, 19)}Z by ${listedBy}${off}  ${hits}${reason === '' ? '' : `  ${reason}`}`;
}

/** What a change came to, with the first entries that were refused, and the lines of the file that they stand in. */
export function changeLines({ changedCount, unchangedCount, refused }: Changed, entries: readonly ListBodyEntry[], fileLines?: readonly number[]): string[] {
  const lineOf = (index: number) => (fileLines === undefined ? '' : `line ${fileLines[index]}: `);
  const bad = refused.slice(0, 20).map(({ index, refusal }) => `${lineOf(index)}${entries[index]?.prefix ?? entries[index]?.country}: ${refusal.code} ${refusal.detail}`.trim());
  const more = refused.length > 20 ? [`… and ${refused.length - 20} more.`] : [];
  return [...bad, ...more, `${changedCount} changed, ${unchangedCount} were so before, ${refused.length} refused`];
}

/** Who is told of a list, in one line. */
export function noticeLine({ list, email, webhookUrl, throttleSec, lastToldAt, by }: ListNotice): string {
  const whom = [email, webhookUrl].filter((each) => each !== '').join(' and ');
  if (whom === '') return `${list}: nobody is told`;
  return `${list}: ${whom}, once in ${throttleSec} s, set by ${by}${lastToldAt === undefined ? '' : `, told last ${lastToldAt.slice(0, 19)}Z`}`;
}
