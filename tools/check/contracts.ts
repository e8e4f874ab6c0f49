import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../cli/project.ts';
import { runProgram } from './run-tool.ts';
import type { Finding, Said } from './run-tool.ts';

/** The published contract, as buf's image; `check --write` brings it up to date, and refuses when that would break it. */
export const baseline = 'proto/baseline.binpb';

/** Names, comments and structure of the contracts. */
export async function contractLint(folder: string): Promise<Finding[]> {
  return findings('buf-lint', await buf(['lint'], folder));
}

/**
 * Whether anything that was published would break: against the committed image, and against the last tag where this
 * clone has one (a shallow one may not).
 */
export async function contractBreaks(folder: string, remark: (text: string) => void = () => undefined): Promise<Finding[]> {
  if (!existsSync(join(folder, baseline))) {
    remark(`there is no ${baseline} to compare the contracts with; ./tollwire check --write makes it`);
    return [];
  }
  const committed = findings('buf-breaking', await buf(['breaking', '--against', baseline], folder));
  const tag = folder === root ? (await runProgram('git', ['describe', '--tags', '--abbrev=0'], folder)).output.trim() : '';
  if (tag === '') return committed;
  return [...committed, ...(await sinceTag(folder, tag))];
}

async function sinceTag(folder: string, tag: string): Promise<Finding[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'tollwire-contracts-'));
  try {
    const unpack = `git archive ${tag} proto buf.yaml | tar -x -C '${scratch}'`;
    const unpacked = await runProgram('sh', ['-c', unpack], folder);
    if (unpacked.code !== 0) return [];
    return findings(`buf-breaking since ${tag}`, await buf(['breaking', '--against', scratch], folder));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Runs buf on a folder. */
export function buf(args: readonly string[], folder: string): Promise<Said> {
  return runProgram('buf', args, folder);
}

function findings(rule: string, { code, output, errors }: Said): Finding[] {
  if (code === 0) return [];
  const found = output.split('\n').flatMap((text): Finding[] => {
    const [, file, line, message] = /^(.+?):(\d+):\d+:(.*)$/.exec(text) ?? [];
    return file === undefined || message === undefined ? [] : [{ rule, file, line: Number(line), message }];
  });
  return found.length > 0 ? found : [{ rule, file: 'proto', message: (output || errors).trim() }];
}
