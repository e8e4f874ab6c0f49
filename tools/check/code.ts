import { relative } from 'node:path';
import { z } from 'zod';
import { homeFolder, root } from '../cli/project.ts';
import { runTool } from './run-tool.ts';
import type { Finding } from './run-tool.ts';

/** Types, by the TypeScript compiler with the repository's strict settings. */
export async function types(folder: string, only: readonly string[] = []): Promise<Finding[]> {
  const memory = folder === root ? ['--incremental', '--tsBuildInfoFile', `${homeFolder('check')}/types.tsbuildinfo`] : [];
  const said = await runTool('typescript/bin/tsc', ['-p', 'tsconfig.json', '--pretty', 'false', ...memory], folder);
  const findings = said.output.split('\n').flatMap((text): Finding[] => {
    const [, file, line, message] = /^(.+?)\((\d+),\d+\): error (TS\d+: .*)$/.exec(text) ?? [];
    if (file !== undefined && message !== undefined) return [{ rule: 'types', file, line: Number(line), message }];
    return text.startsWith('error TS') ? [{ rule: 'types', file: 'tsconfig.json', message: text }] : [];
  });
  if (said.code !== 0 && findings.length === 0) return [{ rule: 'types', file: 'tsconfig.json', message: said.errors || said.output }];
  return findings.filter(({ file }) => only.length === 0 || only.some((project) => file.startsWith(`${project}/`)));
}

const lintReport = z.array(
  z.object({
    filePath: z.string(),
    messages: z.array(z.object({ ruleId: z.string().nullable(), line: z.number().optional(), message: z.string() })),
  }),
);

/** ESLint with the rules of eslint.config.js, type-checked. */
export async function lint(folder: string, only: readonly string[] = []): Promise<Finding[]> {
  const said = await runTool('eslint/bin/eslint.js', ['--format', 'json', '--max-warnings', '0', ...(only.length > 0 ? only : ['.'])], folder);
  if (said.code > 1) return [{ rule: 'lint', file: 'eslint.config.js', message: said.errors.trim() }];
  return lintReport.parse(JSON.parse(said.output)).flatMap(({ filePath, messages }) =>
    messages.map(({ ruleId, line = 1, message }) => ({ rule: ruleId ?? 'lint', file: relative(folder, filePath), line, message })),
  );
}

const cruise = z.object({
  summary: z.object({
    violations: z.array(
      z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }), cycle: z.array(z.object({ name: z.string() })).optional() }),
    ),
  }),
});

/** Who imports whom, with the rules of .dependency-cruiser.mjs. */
export async function boundaries(folder: string): Promise<Finding[]> {
  const args = ['--config', '.dependency-cruiser.mjs', '--output-type', 'json', 'libs', 'services', 'tools'];
  const said = await runTool('dependency-cruiser/bin/dependency-cruiser.mjs', args, folder);
  if (said.output === '') return [{ rule: 'boundaries', file: '.dependency-cruiser.mjs', message: said.errors.trim() }];
  return cruise.parse(JSON.parse(said.output)).summary.violations.map(({ from, to, rule, cycle }) => ({
    rule: rule.name,
    file: from,
    message: cycle === undefined ? `imports ${to}` : `is part of the cycle ${[from, ...cycle.map(({ name }) => name)].join(' → ')}`,
  }));
}
