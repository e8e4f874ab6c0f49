/** Prefixes that a cell stands for, or what in it stands for none. */
export interface PrefixCell {
  readonly prefixes: readonly string[];
  readonly faults: readonly { readonly code: 'prefix_malformed' | 'prefix_range_malformed' | 'too_many_prefixes'; readonly value: string }[];
}

/** A cell of a spreadsheet holds 32,767 characters: some 4,000 codes. */
export const CELL_PREFIXES_MAX = 5_000;
const digits = /^\d{1,15}$/;
const none: PrefixCell['faults'] = [];

/**
 * The prefixes of a cell as carriers write it: `4479, 4478; 447911-447915`. They are parted by commas, semicolons or
 * spaces; the bounds of a range have equally many digits, and it becomes the shortest prefixes that cover just it. What
 * is no prefix is told and harms no other. Where the country code has a column of its own, `countryCode` goes before each.
 */
export function prefixesOf(cell: string, countryCode = ''): PrefixCell {
  if (countryCode === '' && digits.test(cell)) return { prefixes: [cell], faults: none };
  const found = new Set<string>();
  const faults: { code: PrefixCell['faults'][number]['code']; value: string }[] = [];
  for (const part of partsOf(cell)) {
    const [low = '', high = low, ...more] = part.split('-').map((bound) => `${countryCode}${bound}`);
    if (more.length > 0 || !digits.test(low) || !digits.test(high)) faults.push({ code: 'prefix_malformed', value: part });
    else if (low.length !== high.length || low > high) faults.push({ code: 'prefix_range_malformed', value: part });
    else for (const prefix of low === high ? [low] : covering(low, high)) found.add(prefix);
    if (found.size > CELL_PREFIXES_MAX) return { prefixes: [], faults: [{ code: 'too_many_prefixes', value: cell }] };
  }
  return { prefixes: [...found], faults };
}

/** The parts of a list, with the spaces around the dash of a range taken away. Empty ones, as of a comma at the end, are none. */
function partsOf(cell: string): string[] {
  return cell.replaceAll(/\s*[-‐‑‒–—−]\s*/g, '-').split(/[,;\s]+/).filter((part) => part !== '');
}

/**
 * The shortest prefixes that together begin exactly the numbers from `low` to `high`, both of equally many digits: at most
 * 18 for each digit. Numbers of 15 digits are exact as doubles; a zero in front is kept by its place.
 */
export function covering(low: string, high: string): string[] {
  const { length } = low;
  const last = Number(high);
  const prefixes: string[] = [];
  for (let at = Number(low); at <= last;) {
    let dropped = 0;
    let size = 1;
    while (dropped < length - 1 && at % (size * 10) === 0 && at + size * 10 - 1 <= last) {
      dropped += 1;
      size *= 10;
    }
    prefixes.push(String(at / size).padStart(length - dropped, '0'));
    at += size;
  }
  return prefixes;
}
