import { z } from 'zod';
import { argumentsOf } from '../cli/arguments.ts';
import { Misuse } from '../cli/stop.ts';

/** What can be measured, in the order in which it is. */
export const parts = ['in-process', 'pipeline', 'floor', 'authorize', 'routing', 'decks', 'search', 'import'] as const;
export type Part = (typeof parts)[number];

export const benchOptions = z.object({
  only: z.array(z.enum(parts)),
  /** Calls through the pipeline, and through the floor. */
  calls: z.number(),
  /** Authorizations a second. */
  rate: z.number(),
  /** How long they are asked for. */
  seconds: z.number(),
  /** Cards that authorizations are spread over. */
  cards: z.number(),
  /** Rates in the deck that is imported. */
  rates: z.number(),
  /** Calls that are searched. */
  rows: z.number(),
  /** Rows in the file of calls that is imported. */
  fileRows: z.number(),
  /** Writes the plans of searches into their document. */
  plans: z.boolean(),
  json: z.boolean(),
  write: z.boolean(),
});
export type BenchOptions = z.infer<typeof benchOptions>;

const numbers = {
  calls: { default: '60000', min: 100, max: 5_000_000 },
  rate: { default: '1000', min: 1, max: 50_000 },
  seconds: { default: '20', min: 1, max: 3600 },
  cards: { default: '100000', min: 10, max: 1_000_000 },
  rates: { default: '1000000', min: 1000, max: 5_000_000 },
  rows: { default: '10000000', min: 10_000, max: 100_000_000 },
  'file-rows': { default: '1000000', min: 1000, max: 50_000_000 },
} as const;

/** Reads the arguments. Stops with a sentence that names the option at fault. */
export function optionsOf(args: readonly string[]): BenchOptions {
  const text = (name: keyof typeof numbers) => ({ type: 'string', default: numbers[name].default }) as const;
  const { values } = argumentsOf(args, {
    only: { type: 'string', default: parts.join(',') },
    ...{ calls: text('calls'), rate: text('rate'), seconds: text('seconds'), cards: text('cards'), rates: text('rates'), rows: text('rows'), 'file-rows': text('file-rows') },
    plans: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  });
  const only = partsOf(values.only);
  if (values.write && only.length < parts.length) throw new Misuse('--write wants the figures of a whole run: leave --only away.');
  const number = (name: keyof typeof numbers) => wholeNumber(name, values[name]);
  return {
    only,
    ...{ calls: number('calls'), rate: number('rate'), seconds: number('seconds'), cards: number('cards'), rates: number('rates'), rows: number('rows'), fileRows: number('file-rows') },
    plans: values.plans,
    json: values.json,
    write: values.write,
  };
}

function partsOf(list: string): Part[] {
  const named = list.split(',').map((name) => name.trim());
  const unknown = named.find((name) => !parts.some((part) => part === name));
  if (unknown !== undefined) throw new Misuse(`--only takes some of ${parts.join(', ')}, not "${unknown}".`);
  return parts.filter((part) => named.includes(part));
}

function wholeNumber(name: keyof typeof numbers, text: string): number {
  const { min, max } = numbers[name];
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max) throw new Misuse(`--${name} takes a whole number from ${min} to ${max}, not "${text}".`);
  return value;
}
