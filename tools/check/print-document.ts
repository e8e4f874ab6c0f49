/**
 * Prints a generated document as JSON `{ path, text }`. A program of its own, run on the built services: their sources
 * hold decorators, which Node does not run as they are.
 */
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';

/** What `tools/generate/<name>.ts` exports to keep a document in step with the code. */
const generator = z.object({
  /** The document's path in the repository. */
  path: z.string(),
  /** Its whole text. */
  generate: z.custom<() => Promise<string> | string>((value) => typeof value === 'function'),
});

const module: unknown = await import(pathToFileURL(process.argv[2] ?? '').href);
const { path, generate } = generator.parse(module);
writeFileSync(1, JSON.stringify({ path, text: await generate() }));
