import { argumentsOf } from './cli/arguments.ts';
import { Misuse } from './cli/stop.ts';
import { runningApi } from './client/connect.ts';
import { deckHelp, deckOptions } from './import/deck-options.ts';
import { mappingHelp } from './import/mapping.ts';
import { importCdrs } from './import/import-cdrs.ts';
import { importDeck } from './import/import-deck.ts';

export const summary = 'imports a file of CDRs or a rate deck';

export const help = `
./tollwire import cdr FILE --format FORMAT [--switch ID] [--zone ZONE] [--json]
./tollwire import deck FILE --plan tariff|retail|carrier:ID [--zone ZONE] [--dry-run] [--json] [how the file is written]

A file can be imported again: rows that are there already change nothing. Bad rows are told with their reason and kept; where
there is one, the command ends with 1, also with --errors, and with 2 where the command line cannot be read.

  --format FORMAT   freeswitch_json, asterisk_csv, asterisk_cel, kamailio_acc or mapped_csv
  --switch ID       which switch wrote the file, where its rows do not say
  --zone ZONE       whose local time the file tells, as Europe/Vienna or +01:00 (default: UTC)

${mappingHelp}

${deckHelp}`;

export const options = { format: { type: 'string' }, switch: { type: 'string' }, json: { type: 'boolean' }, column: { type: 'string', multiple: true }, ...deckOptions } as const;

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = argumentsOf(args, options, { cdr: 1, deck: 1 });
  const [what, file] = positionals;
  const deckExample = './tollwire import deck rates.csv --plan carrier:1';
  if (what === 'deck' && file === undefined) throw new Misuse(`Say which file, and whose rates it has: ${deckExample}`);
  if (file === undefined || (what !== 'cdr' && what !== 'deck')) throw new Misuse(`Say what and from where: ./tollwire import cdr Master.csv --format asterisk_csv, or ${deckExample}`);
  if (what === 'deck') return await importDeck(file, values);
  return await importCdrs(runningApi(), file, values);
}
