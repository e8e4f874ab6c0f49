import { z } from 'zod';
import { runChild } from './bench/child.ts';
import { writeDocument } from './bench/document.ts';
import { type Figure, figure, lineOf, occasionText, tableOf } from './bench/figures.ts';
import { inProcess } from './bench/in-process.ts';
import { alone } from './bench/alone.ts';
import { presentOccasion } from './bench/machine.ts';
import { type BenchOptions, optionsOf } from './bench/options.ts';
import { disturbances, withOwnStack } from './bench/own-stack.ts';
import { paint } from './cli/paint.ts';

export const summary = 'measures how fast everything goes on this machine, on a stack of its own that is removed afterwards';

export const help = `
./tollwire bench [--only PARTS] [--calls N] [--rate N] [--seconds S] [--plans] [--json] [--write]

  --only PARTS  some of in-process, pipeline, floor, authorize, routing, decks, search, import, by commas (default all)
  --calls N     calls through the pipeline and through the floor (default 60,000)
  --rate N      authorizations a second (default 1,000)
  --seconds S   how long they are asked for (default 20)
  --cards N     cards that they are spread over (default 100,000)
  --rates N     rates in the deck that is imported, and in the one that is swapped (default 1,000,000)
  --rows N      calls that are searched (default 10,000,000, some 12 GB of disk while it runs)
  --file-rows N rows in the file of calls that is imported (default 1,000,000)
  --plans       writes the plans of the searches into docs/SEARCH_PLANS.md
  --json        one line of JSON for each figure
  --write       puts the figures into docs/BENCH.md; wants a whole run

Servers of its own, with full durability (fsync, synchronous commits, JetStream syncing always). What runs in this clone
is left alone, but takes its part of the machine: ./tollwire down first, and nothing else beside it.
docs/BENCH.md says how each figure is measured.
`;

export async function run(args: readonly string[]): Promise<number> {
  const options = optionsOf(args);
  return alone(async (signal) => {
    const occasion = presentOccasion();
    const remarks = disturbances(occasion.loadAverage, occasion.machine.cores);
    for (const remark of remarks) process.stderr.write(`tollwire: ${remark}\n`);
    const figures: Figure[] = [];
    const found = (each: Figure): void => {
      figures.push(each);
      if (options.json) process.stdout.write(`${lineOf(each, occasion)}\n`);
    };
    if (options.only.includes('in-process')) for (const each of await inProcess()) found(each);
    if (options.only.some((part) => part !== 'in-process')) await onStack(options, found, signal);
    if (!options.json) process.stdout.write(`${paint('dim', occasionText(occasion))}\n\n${tableOf(figures)}\n`);
    if (options.write) writeDocument(figures, occasion, remarks);
    return 0;
  });
}

/** What needs servers is measured by a program of its own, whose home is the bench's. */
async function onStack(options: BenchOptions, found: (each: Figure) => void, signal: AbortSignal): Promise<void> {
  await withOwnStack((env) => runChild('on-stack.ts', options, z.null(), { env, signal, onNews: (value) => found(figure.parse(value)) }));
}
