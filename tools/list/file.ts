import { csvFields } from '../../services/edge/src/cdr-import/csv-line.ts';
import { Stop } from '../cli/stop.ts';
import { entryOf, type ListBodyEntry } from './options.ts';

/** The entries of a file: one a line, with a reason behind a comma. Stops at a line that cannot be read; a heading is none. */
export function entriesInFile(text: string, reason?: string): ListBodyEntry[] {
  return text.replace(/^\u{feff}/u, '').split(/\r?\n/).flatMap((line, at) => {
    if (line.trim() === '' || line.startsWith('#') || (at === 0 && /^"?(prefix|country|entry|number)\b/i.test(line))) return [];
    const [subject = '', why = ''] = csvFields(line) ?? [];
    if (subject.trim() === '') throw new Stop(`Line ${at + 1} names no prefix and no country.`);
    return [entryOf(subject, why.trim() === '' ? reason : why.trim())];
  });
}
