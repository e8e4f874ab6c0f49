import { z } from 'zod';
import { cdrFormats } from '../cdr-import/parsers.ts';
import { switchId, text } from '../http/primitives.ts';

/**
 * Which switch wrote the file, in which form. `importId` names the file, so that its bad rows are kept once however
 * often it is sent; made up where nothing is said.
 */
export const cdrImport = z.strictObject({
  format: z.enum(cdrFormats),
  switchId: switchId.optional(),
  importId: text(128).optional(),
});
export type CdrImport = z.output<typeof cdrImport>;
