import type { CdrRow } from './cdr-import.ts';

/** The forms in which switches write CDRs. */
export const cdrFormats = ['freeswitch_json', 'asterisk_csv', 'kamailio_acc'] as const;
export type CdrFormat = (typeof cdrFormats)[number];

/** The rows of a file. */
export async function* cdrRows(format: CdrFormat, bytes: AsyncIterable<Buffer>, switchId: string | undefined): AsyncGenerator<CdrRow> {
  throw new Error(`wired with cdr-import: ${format} ${switchId ?? ''} ${typeof bytes}`);
}
