import { z } from 'zod';
import { columns } from '../cli/paint.ts';
import type { Occasion } from './machine.ts';

/** What a figure should reach. */
const target = z.union([z.object({ atLeast: z.number() }), z.object({ atMost: z.number() })]);
export type Target = z.infer<typeof target>;

export const figure = z.object({
  name: z.string(),
  value: z.number(),
  unit: z.string(),
  /** Null for a figure that is told without being asked for, or was not measured at the size that its target is for. */
  target: target.nullable(),
  /** What a reader should know beside the number. */
  note: z.string(),
});
export type Figure = z.infer<typeof figure>;

/** Makes a figure; `note` and `target` may be left away. */
export function figureOf(name: string, value: number, unit: string, more: { target?: Target | undefined; note?: string } = {}): Figure {
  return { name, value, unit, target: more.target ?? null, note: more.note ?? '' };
}

/** Whether a figure reached its target; null where it has none. */
export function isMet({ value, target: wanted }: Pick<Figure, 'value' | 'target'>): boolean | null {
  if (wanted === null) return null;
  return 'atLeast' in wanted ? value >= wanted.atLeast : value <= wanted.atMost;
}

/** One line of JSON for a program. */
export function lineOf(each: Figure, { machine, loadAverage, at, commit }: Occasion): string {
  const { name, value, unit, target: wanted, note } = each;
  return JSON.stringify({ name, value, unit, target: wanted, met: isMet(each), note, machine, loadAverage, at, commit });
}

/** The cells of a figure for people: name, value, unit, target, verdict, note. */
export function cellsOf(each: Figure): [string, string, string, string, string, string] {
  const met = isMet(each);
  return [each.name, numberText(each.value), each.unit, targetText(each.target), met === null ? '' : met ? 'met' : 'missed', each.note];
}

export const headings = ['figure', 'value', 'unit', 'target', 'verdict', 'note'] as const;

/** All figures as one aligned table. */
export function tableOf(figures: readonly Figure[]): string {
  return columns(headings, figures.map(cellsOf));
}

/** One sentence about the machine. */
export function occasionText({ machine: { cores, memoryGiB, cpuModel }, loadAverage, at, commit }: Occasion): string {
  return `${cores} cores, ${memoryGiB} GiB, ${cpuModel}; load average ${loadAverage} at start; ${at.slice(0, 16).replace('T', ' ')} UTC; commit ${commit}`;
}

function numberText(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: Math.abs(value) < 10 ? 3 : Math.abs(value) < 1000 ? 1 : 0 });
}

function targetText(wanted: Target | null): string {
  if (wanted === null) return '';
  return 'atLeast' in wanted ? `≥ ${numberText(wanted.atLeast)}` : `≤ ${numberText(wanted.atMost)}`;
}
