import { closeSync, existsSync, openSync, readSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { argumentsOf } from './cli/arguments.ts';
import { paint } from './cli/paint.ts';
import { homeFolder } from './cli/project.ts';
import { Stop } from './cli/stop.ts';

export const summary = 'prints the logs of all parts, or of one; -f follows';

export const help = `
./tollwire logs [service] [-f] [-n LINES]

  service       edge, card, rating, routing, catalog, cdr, postgres, nats or supervisor; none means all
  -f, --follow  goes on printing what is added, until interrupted
  -n, --lines   how many of the last lines to begin with (default 20 each)
`;

const tailBytes = 1_000_000;

export async function run(args: readonly string[]): Promise<void> {
  const options = { follow: { type: 'boolean', short: 'f' }, lines: { type: 'string', short: 'n', default: '20' } } as const;
  const { values, positionals } = argumentsOf(args, options, 1);
  const folder = homeFolder('logs');
  const known = readdirSync(folder).filter((file) => file.endsWith('.log')).map((file) => file.slice(0, -4));
  const wanted = positionals[0];
  if (wanted !== undefined && !known.includes(wanted)) {
    throw new Stop(`There is no log of "${wanted}"${known.length === 0 ? ' yet' : `; there are ${known.join(', ')}`}.`);
  }
  const names = wanted === undefined ? known : [wanted];
  const print = (name: string, lines: string[]): void => {
    for (const line of lines) process.stdout.write(names.length === 1 ? `${line}\n` : `${paint('cyan', name.padEnd(10))} ${line}\n`);
  };
  const ends = new Map<string, number>();
  for (const name of names) {
    const { lines, end } = readFrom(join(folder, `${name}.log`), -tailBytes);
    print(name, Number(values.lines) > 0 ? lines.slice(-Number(values.lines)) : []);
    ends.set(name, end);
  }
  while (values.follow === true) {
    await delay(200);
    for (const name of names) {
      const { lines, end } = readFrom(join(folder, `${name}.log`), ends.get(name) ?? 0);
      print(name, lines);
      ends.set(name, end);
    }
  }
}

/** Whole lines of a file from an offset (negative: counted from the end), and where the next reading begins. */
export function readFrom(file: string, offset: number): { lines: string[]; end: number } {
  const size = existsSync(file) ? statSync(file).size : 0;
  // Shorter than before: somebody emptied it, so begin anew.
  const from = offset < 0 ? Math.max(0, size + offset) : offset > size ? 0 : offset;
  if (size === from) return { lines: [], end: size };
  const buffer = Buffer.alloc(size - from);
  const descriptor = openSync(file, 'r');
  readSync(descriptor, buffer, 0, buffer.length, from);
  closeSync(descriptor);
  const whole = buffer.lastIndexOf(0x0a) + 1;
  const text = buffer.toString('utf8', 0, whole);
  return { lines: text === '' ? [] : text.slice(0, -1).split('\n'), end: from + whole };
}
