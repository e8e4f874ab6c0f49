import { localClockOf } from '@tollwire/telecom';
import { z } from 'zod';
import { mappedFields } from '../cdr-import/mapped-csv.ts';
import { cdrFormats } from '../cdr-import/parsers.ts';
import { importId, lineText, switchId, wholeText } from '../http/primitives.ts';

/** A zone by its IANA name or its offset. A `+` that was not escaped in the URL has become a space. */
const zone = z
  .string()
  .max(64)
  .transform((name, context) => {
    const found = localClockOf(name.replace(/^ /, '+'));
    if (found !== undefined) return found;
    context.issues.push({ code: 'custom', message: 'must be an IANA time zone or an offset', input: name });
    return z.NEVER;
  })
  .meta({
    description: 'The zone of the local times in the file, by IANA name or offset; where none is given that of the switch, else UTC. freeswitch_json takes none.',
    example: 'Europe/Vienna',
  });

const columns = z.partialRecord(z.enum(mappedFields), z.string().min(1).max(128));

/** Which column of a mapped file holds what, as JSON. */
const mapping = z
  .string()
  .max(4096)
  .transform((text, context) => {
    const read = columns.safeParse(jsonIn(text));
    if (read.success) return read.data;
    context.issues.push({ code: 'custom', message: `must be a JSON object of ${mappedFields.join(', ')}, each with a heading or a number from 1`, input: text });
    return z.NEVER;
  })
  .meta({ description: 'Of mapped_csv: which column holds what, by heading, or by number from 1 where there are no headings.', example: '{"callId":"id","calledNumber":"to","startedAt":"start"}' });

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Which switch wrote the file, in which form, and by which clock (UTC, where no zone is named). `importId` names the
 * file, so that its bad rows are kept once however often it is sent; made up where nothing is said.
 */
export const cdrImport = z
  .strictObject({ format: z.enum(cdrFormats), switchId: switchId.optional(), importId: importId.optional(), zone: zone.optional(), mapping: mapping.optional(),
    delimiter: z.enum([',', ';', '|', '\t']).default(',').meta({ description: 'Of mapped_csv: what stands between columns.', example: ';' }) })
  .check(({ value, issues }) => {
    if ((value.format === 'mapped_csv') !== (value.mapping !== undefined)) {
      issues.push({ code: 'custom', message: 'goes with mapped_csv, and with no other format', input: undefined, path: ['mapping'] });
    }
    if (value.format !== 'freeswitch_json' || value.zone === undefined) return;
    issues.push({ code: 'custom', message: 'does not fit: freeswitch_json has instants, not local times', input: undefined, path: ['zone'] });
  })
  .transform(({ mapping: found, delimiter, ...about }) => ({ ...about, ...(found === undefined ? {} : { mapping: { columns: found, delimiter } }) }));
export type CdrImport = z.output<typeof cdrImport>;

export const importPath = z.strictObject({ importId });
export type ImportPath = z.output<typeof importPath>;

/** Rows of lines after `afterLine`, up to `pageSize` of them. */
export const rowErrorsPage = z.strictObject({ afterLine: lineText.default(0), pageSize: wholeText(1, 1000).default(100) });
export type RowErrorsPage = z.output<typeof rowErrorsPage>;
