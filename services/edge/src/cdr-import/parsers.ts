import { parseCelRow } from './asterisk-cel.ts';
import { parseAsteriskCsv } from './asterisk-csv.ts';
import { parseFreeswitchJson } from './freeswitch-json.ts';
import { parseKamailioAcc } from './kamailio-acc.ts';
import { parseMappedRow, placesIn } from './mapped-csv.ts';
import { refuseRow } from './row.ts';
import type { ParsedRow, RowContext, RowParser } from './row.ts';

/** The forms in which switches write CDRs. */
export const cdrFormats = ['freeswitch_json', 'asterisk_csv', 'kamailio_acc', 'asterisk_cel', 'mapped_csv'] as const;
export type CdrFormat = (typeof cdrFormats)[number];

const parsers: Readonly<Record<CdrFormat, RowParser>> = {
  freeswitch_json: parseFreeswitchJson,
  asterisk_csv: parseAsteriskCsv,
  kamailio_acc: parseKamailioAcc,
  asterisk_cel: parseCelRow,
  mapped_csv: parseNumbered,
};

/** A row whose columns are mapped by their numbers; headings are a file's. */
function parseNumbered(text: string, context: RowContext): ParsedRow {
  const { mapping } = context;
  if (mapping === undefined) return refuseRow(context, 'field_missing', 'mapping', '', 'The upload must say which column holds what.');
  const places = placesIn(mapping, undefined, context);
  return places.ok ? parseMappedRow(text, context, mapping, places.value) : places;
}

/**
 * The call that one row of a CDR file tells of, whole in itself, or the field at fault. Pure: the same row gives the same
 * call id, so a file that is sent again tells of the same calls. Times are checked for their form only.
 */
export function parseCdrLine(format: CdrFormat, line: string, context: RowContext): ParsedRow {
  return parsers[format](line, context);
}
