import { type CdrMapping, type MappedField, mappedFields } from '../../services/edge/src/cdr-import/mapped-csv.ts';
import { Misuse } from '../cli/stop.ts';

export const mappingHelp = `Of mapped_csv:
  --column FIELD=COLUMN  which column holds what, by its heading, or by its number from 1 where the file has no headings; may come
                      several times. FIELD: ${mappedFields.slice(0, 9).join(', ')},
                      ${mappedFields.slice(9).join(', ')}
  --delimiter CHAR    , ; | or tab (default ,)`;

/** The columns of a mapped file, as options say them; undefined where none does. */
export function mappingOf(given: readonly string[] | undefined, delimiter = ','): CdrMapping | undefined {
  if (given === undefined) return undefined;
  const columns: Partial<Record<MappedField, string>> = {};
  for (const text of given) {
    const at = text.indexOf('=');
    const field = mappedFields.find((each) => each === text.slice(0, at));
    if (field === undefined || at === text.length - 1) throw new Misuse(`--column takes FIELD=COLUMN, not "${text}". FIELD is one of ${mappedFields.join(', ')}.`);
    columns[field] = text.slice(at + 1);
  }
  return { columns, delimiter: delimiter === 'tab' ? '\t' : delimiter };
}
