import { boundaries, lint, types } from './code.ts';
import { contractBreaks, contractLint } from './contracts.ts';
import { staleFiles } from './generated.ts';
import { lockGaps } from './lock.ts';
import { runProbes } from './probes.ts';
import type { Finding } from './run-tool.ts';
import { texts } from './texts.ts';

/** What a check is told. */
export interface CheckContext {
  readonly folder: string;
  /** Only these projects (`libs/core`), where a check can be limited. */
  readonly projects: readonly string[];
  /** Something that is no finding, but that a reader should know. */
  readonly remark: (text: string) => void;
}

/** One part of `./tollwire check`. */
export interface Check {
  readonly name: string;
  readonly what: string;
  run(context: CheckContext): Promise<Finding[]> | Finding[];
}

export const checks: readonly Check[] = [
  { name: 'types', what: 'TypeScript, strict', run: ({ folder, projects }) => types(folder, projects) },
  { name: 'lint', what: 'ESLint, type-checked', run: ({ folder, projects }) => lint(folder, projects) },
  { name: 'boundaries', what: 'who may import whom', run: ({ folder }) => boundaries(folder) },
  { name: 'contracts', what: 'buf lint', run: ({ folder }) => contractLint(folder) },
  { name: 'breaking', what: 'buf breaking', run: ({ folder, remark }) => contractBreaks(folder, remark) },
  { name: 'generated', what: 'generated files are up to date', run: ({ folder }) => staleFiles(folder) },
  { name: 'lock', what: 'package-lock.json serves every platform', run: ({ folder }) => lockGaps(folder) },
  { name: 'texts', what: 'marks, names, sizes, style', run: ({ folder }) => texts(folder) },
  { name: 'probes', what: 'every rule still fires', run: ({ folder }) => runProbes(folder) },
];
