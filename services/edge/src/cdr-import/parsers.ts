import { parseAsteriskCsv } from './asterisk-csv.ts';
import { parseFreeswitchJson } from './freeswitch-json.ts';
import { parseKamailioAcc } from './kamailio-acc.ts';
import type { ParsedRow, RowContext, RowParser } from './row.ts';

/** The forms in which switches write CDRs. */
export const cdrFormats = ['freeswitch_json', 'asterisk_csv', 'kamailio_acc'] as const;
export type CdrFormat = (typeof cdrFormats)[number];

const parsers: Readonly<Record<CdrFormat, RowParser>> = {
  freeswitch_json: parseFreeswitchJson,
  asterisk_csv: parseAsteriskCsv,
  kamailio_acc: parseKamailioAcc,
};

/**
 * The call that one row of a CDR file tells of, whole in itself, or the field at fault. Pure: the same row gives the same
 * call id, so a file that is sent again tells of the same calls. Times are checked for their form only.
 */
export function parseCdrLine(format: CdrFormat, line: string, context: RowContext): ParsedRow {
  return parsers[format](line, context);
}
