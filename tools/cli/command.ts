import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { ApiProblem } from '../client/api.ts';
import { nearest } from './nearest.ts';
import { root } from './project.ts';
import { Misuse } from './stop.ts';
import { optionOf, refuseOptionsOfOthers } from './usage.ts';

/** What a module `tools/<name>.ts` exports to be the command `<name>`. */
export interface Command {
  /** One line for the list. */
  readonly summary: string;
  /** The text of `--help`: usage first, then options. */
  readonly help: string;
  /** Carries it out; a number that it hands back is the exit code. */
  run(args: readonly string[]): Promise<unknown>;
}

/** In the order of the list; a command exists when its module does. */
const known = [
  ['First steps', ['demo', 'test']],
  ['Daily work', ['up', 'down', 'status', 'logs', 'env', 'build', 'check', 'simulate', 'bench']],
  ['Using it', ['seed', 'call', 'quote', 'price', 'route', 'policy', 'rerate', 'import', 'deck', 'plan', 'exchange-rate', 'cardtype', 'reseller', 'card', 'account', 'voucher',
    'limits', 'allowance', 'cdr', 'report', 'alarm', 'carrier', 'numbers', 'switch', 'list', 'fraud', 'reconcile', 'key', 'dead-letters']],
] as const;

const shape = z.object({
  summary: z.string(),
  help: z.string(),
  run: z.custom<Command['run']>((value) => typeof value === 'function'),
});

/** The names of the commands that exist, grouped under their headings. */
export function commandGroups(folder = join(root, 'tools')): { heading: string; names: string[] }[] {
  return known.map(([heading, names]) => ({ heading, names: names.filter((name) => existsSync(join(folder, `${name}.ts`))) }));
}

/** Loads one command; only now is its code read, so that a quick command stays quick. */
export async function loadCommand(name: string, folder = join(root, 'tools')): Promise<Command> {
  const names = commandGroups(folder).flatMap((group) => group.names);
  if (!names.includes(name)) {
    const meant = nearest(name, names);
    throw new Misuse(`There is no command "${name}"${meant === undefined ? '' : `: did you mean ${meant}?`}${meant === undefined ? '; ' : ' '}./tollwire alone lists those that there are.`);
  }
  const module: unknown = await import(pathToFileURL(join(folder, `${name}.ts`)).href);
  const command = shape.parse(module);
  return {
    ...command,
    async run(args) {
      refuseOptionsOfOthers(name, command.help, args);
      try {
        return await command.run(args);
      } catch (error) {
        throw error instanceof ApiProblem ? error.inOptions((field) => optionOf(field, name, command.help, args)) : error;
      }
    },
  };
}
