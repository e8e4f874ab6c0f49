import { csvFields } from '../../services/edge/src/cdr-import/csv-line.ts';
import { Stop } from '../cli/stop.ts';
import { entryOf, type ListBodyEntry } from './options.ts';

/** The entries of a file, one a line with a reason behind a comma, and the number of each one's line. A heading is none. Stops with every line that cannot be read. */
export function entriesInFile(text: string, reason?: string): { entries: ListBodyEntry[]; lines: number[] } {
  const faults: string[] = [];
  const found = text.replace(/^\u{feff}/u, '').split(/\r?\n/).flatMap((line, at) => {
    if (line.trim() === '' || line.startsWith('#') || (at === 0 && /^"?(prefix|country|entry|number)\b/i.test(line))) return [];
    const [subject = '', why = ''] = csvFields(line) ?? [];
    const entry = entryOf(subject, why.trim() === '' ? reason : why.trim());
    const fault = faultOf(entry);
    if (fault !== undefined) faults.push(`Line ${at + 1} ${fault}`);
    return [{ entry, line: at + 1 }];
  });
  if (faults.length > 0) throw new Stop([...faults.slice(0, FAULTS_SHOWN), ...(faults.length > FAULTS_SHOWN ? [`… and ${faults.length - FAULTS_SHOWN} more.`] : []), 'Nothing was sent.'].join('\n'));
  return { entries: found.map(({ entry }) => entry), lines: found.map(({ line }) => line) };
}

const FAULTS_SHOWN = 20;

/** What the door would not take. */
function faultOf({ prefix, country, reason = '' }: ListBodyEntry): string | undefined {
  if (prefix === '') return 'names no prefix and no country.';
  if (prefix !== undefined && !/^[1-9]\d{0,14}$/.test(prefix)) return `has "${prefix}", which is no prefix: 1 to 15 digits that do not start with 0.`;
  if (country !== undefined && !/^[A-Z0-9]{2,3}$/.test(country)) return `has "${country}", which is no country: two or three letters or digits, as the number plan has them.`;
  return reason.length > 200 ? `has a reason of ${reason.length} characters; 200 are taken.` : undefined;
}
