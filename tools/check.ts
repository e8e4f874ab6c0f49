import { checks } from './check/rules.ts';
import type { Check, CheckContext } from './check/rules.ts';
import type { Finding } from './check/run-tool.ts';
import { writeGenerated } from './check/generated.ts';
import { argumentsOf } from './cli/arguments.ts';
import { paint } from './cli/paint.ts';
import { progress } from './cli/progress.ts';
import { root } from './cli/project.ts';
import { messageOf, Misuse } from './cli/stop.ts';

export const summary = 'checks types, lint, boundaries, contracts, generated files, names and sizes, and its own rules';

export const help = `
./tollwire check [project …] [--only NAME[,NAME]] [--probes] [--write] [--json]

  project    libs/<name> or services/<name>: limits types and lint to them
  --only     ${checks.map(({ name }) => name).join(', ')}
  --probes   only the probes, which plant a violation of every rule and prove that it fires
  --write    first brings generated files up to date: code from proto/, the contracts' baseline, documents;
             refuses when a published contract would break
  --json     the findings for a program
`;

interface Outcome {
  readonly name: string;
  readonly findings: readonly Finding[];
  readonly remarks: readonly string[];
  readonly tookMs: number;
}

const options = {
  only: { type: 'string' },
  probes: { type: 'boolean' },
  write: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = argumentsOf(args, options, Infinity);
  const chosen = chosenChecks(values.probes === true ? 'probes' : values.only, positionals);
  const projects = positionals.map((project) => project.replace(/\/$/, ''));
  if (values.write === true) report('write', await progress('Generating', () => writeGenerated(root)));
  const outcomes = await progress(`Checking ${chosen.map(({ name }) => name).join(', ')}`, () =>
    Promise.all(chosen.map((check) => carryOut(check, projects))),
  );
  const found = outcomes.flatMap(({ findings }) => findings);
  if (values.json === true) process.stdout.write(`${JSON.stringify({ ok: found.length === 0, checks: outcomes })}\n`);
  else for (const outcome of outcomes) show(outcome);
  return found.length === 0 ? 0 : 1;
}

function chosenChecks(only: string | undefined, projects: readonly string[]): readonly Check[] {
  // What can be limited to a project is meant when one is named.
  const names = only?.split(',') ?? (projects.length > 0 ? ['types', 'lint'] : undefined);
  const unknown = names?.find((name) => !checks.some((check) => check.name === name));
  if (unknown !== undefined) throw new Misuse(`There is no check "${unknown}"; there are ${checks.map(({ name }) => name).join(', ')}.`);
  return checks.filter(({ name }) => names === undefined || names.includes(name));
}

async function carryOut(check: Check, projects: readonly string[]): Promise<Outcome> {
  const startedMs = performance.now();
  const remarks: string[] = [];
  const context: CheckContext = { folder: root, projects, remark: (text) => void remarks.push(text) };
  const outcome = (findings: readonly Finding[]): Outcome => ({ name: check.name, findings, remarks, tookMs: Math.round(performance.now() - startedMs) });
  try {
    return outcome(await check.run(context));
  } catch (error) {
    return outcome([{ rule: check.name, file: '.', message: `the check itself failed: ${messageOf(error)}` }]);
  }
}

function show({ name, findings, remarks, tookMs }: Outcome): void {
  const verdict = findings.length === 0 ? paint('green', 'ok') : paint('red', `${findings.length} found`);
  process.stdout.write(`${name.padEnd(10)} ${verdict}  ${(tookMs / 1_000).toFixed(1)} s\n`);
  for (const remark of remarks) process.stdout.write(`  ${paint('yellow', remark)}\n`);
  report(name, findings);
}

function report(name: string, findings: readonly Finding[]): void {
  for (const { rule, file, line, message } of findings) {
    const place = line === undefined ? file : `${file}:${line}`;
    process.stdout.write(`  ${place}  ${message}${rule === name ? '' : paint('dim', `  ${rule}`)}\n`);
  }
}
