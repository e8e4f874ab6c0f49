import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../cli/project.ts';
import { Stop } from '../cli/stop.ts';
import { cellsOf, type Figure, headings, occasionText } from './figures.ts';
import type { Occasion } from './machine.ts';

const begin = '<!-- figures: written by ./tollwire bench --write -->';
const end = '<!-- end of figures -->';

/** The figures and the CPU table as Markdown. */
export function blockOf(figures: readonly Figure[], occasion: Occasion, remarks: readonly string[]): string {
  const rows = [headings, headings.map(() => '---'), ...figures.map(cellsOf)].map((cells) => `| ${cells.join(' | ')} |`);
  return [`Measured on ${occasionText(occasion)}.`, ...remarks, '', ...rows].join('\n');
}

/** The document with what stands between the markers replaced. Stops where it has no markers. */
export function withBlock(document: string, block: string): string {
  const [from, until] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || until < from) throw new Stop(`docs/BENCH.md has lost its markers: put "${begin}" and "${end}" where the figures belong.`);
  return `${document.slice(0, from)}${begin}\n\n${block}\n\n${document.slice(until)}`;
}

/** Puts the figures of a whole run into docs/BENCH.md. */
export function writeDocument(figures: readonly Figure[], occasion: Occasion, remarks: readonly string[]): void {
  const file = join(root, 'docs/BENCH.md');
  writeFileSync(file, withBlock(readFileSync(file, 'utf8'), blockOf(figures, occasion, remarks)));
}
