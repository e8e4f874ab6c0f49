import { argumentsOf } from './cli/arguments.ts';
import { documentText } from './cli/document.ts';
import { Misuse } from './cli/stop.ts';
import { pricedOutput } from './price/output.ts';

export const summary = 'prices calls by plans that are not loaded, from a document, with no server';

export const help = `
./tollwire price FILE [--explain] [--json]

Reads a JSON document of plans and calls (FILE, or - for the standard input) and answers what each call costs: by the search
and the arithmetic of the rating service, without one. docs/PRICE.md describes the document with examples, and
docs/price.schema.json is its JSON Schema.

  --explain   below the table, how each price comes about
  --json      one JSON object a line for each call, with the derivation as data; where the document is malformed,
              one object with its faults

Ends with 0 where every call got a price or a coded refusal, with 2 where the document is malformed: each fault is told with
its JSON path.
`;

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = argumentsOf(args, { explain: { type: 'boolean' }, json: { type: 'boolean' } }, 1);
  const [file] = positionals;
  if (file === undefined) throw new Misuse('Say which one document: ./tollwire price FILE, or - for the standard input.');
  const { text, faults, exitCode } = await pricedOutput(documentText(file), { explain: values.explain === true, json: values.json === true });
  process.stdout.write(text);
  process.stderr.write(faults);
  return exitCode;
}
