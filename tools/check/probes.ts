import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { homeFolder } from '../cli/project.ts';
import { boundaries, lint, types } from './code.ts';
import { baseline, buf, contractBreaks, contractLint } from './contracts.ts';
import { staleFiles } from './generated.ts';
import { plants, supports } from './plants.ts';
import type { Finding } from './run-tool.ts';
import { texts } from './texts.ts';

/** A violation that is planted on purpose: in this file, this rule must fire. */
export interface Plant {
  readonly rule: string;
  readonly file: string;
  /** Absent when another plant leads to the finding in this file. */
  readonly text?: string;
}

const settings = ['tsconfig.json', 'tsconfig.base.json', 'eslint.config.js', '.dependency-cruiser.mjs', 'buf.yaml', 'buf.gen.yaml', 'package.json', '.swcrc'];

/**
 * Proves that every rule still fires: lays out a small repository with the real settings, plants one violation for
 * each rule and one file without any, runs the real checks on it, and reports rules that kept silent (or cried wolf).
 */
export async function runProbes(folder: string): Promise<Finding[]> {
  const place = mkdtempSync(join(homeFolder(), 'probe-'));
  try {
    layOut(folder, place);
    const image = await buf(['build', '--exclude-source-info', '-o', baseline], place);
    if (image.code !== 0) return [{ rule: 'probes', file: 'proto', message: image.errors.trim() }];
    for (const { file, text } of [...supports, ...plants]) if (text !== undefined) write(place, file, text);
    const found = await Promise.all([
      types(place),
      lint(place),
      boundaries(place),
      contractLint(place),
      contractBreaks(place),
      staleFiles(place),
    ]);
    return verdict([...found.flat(), ...texts(place)]);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** Rules that kept silent, and rules that cried wolf. */
export function verdict(found: readonly Finding[]): Finding[] {
  const missing = plants.filter(({ rule, file }) => !found.some((finding) => finding.rule === rule && finding.file === file));
  const wolf = found.filter(({ file }) => file === cleanFile);
  return [
    ...missing.map(({ rule, file }) => ({ rule: 'probes', file, message: `the rule ${rule} did not fire on a violation of it` })),
    ...wolf.map(({ rule, file, message }) => ({ rule: 'probes', file, message: `the rule ${rule} fired where nothing is wrong: ${message}` })),
  ];
}

export const cleanFile = 'services/card/src/domain/clean.ts';
const clean = `import { accept } from '@tollwire/core';

/** Opens. */
export function open(): ReturnType<typeof accept> {
  return accept();
}
`;
const proto = `syntax = "proto3";

package tollwire.card.v1;

message CardActivated {
  string card_id = 1;
}
`;

/** Links in node_modules as npm's workspaces make them, so that imports by package name lead into the planted tree. */
function layOut(folder: string, place: string): void {
  for (const name of settings) cpSync(join(folder, name), join(place, name));
  for (const library of readdirSync(join(folder, 'libs'))) {
    write(place, `libs/${library}/src/index.ts`, library === 'core' ? '' : 'export {};\n');
    cpSync(join(folder, 'libs', library, 'package.json'), join(place, 'libs', library, 'package.json'));
    mkdirSync(join(place, 'node_modules/@tollwire'), { recursive: true });
    symlinkSync(`../../libs/${library}`, join(place, 'node_modules/@tollwire', library));
  }
  cpSync(join(folder, 'libs/core/src'), join(place, 'libs/core/src'), { recursive: true, filter: (name) => !name.endsWith('.spec.ts') });
  write(place, cleanFile, clean);
  write(place, 'proto/tollwire/card/v1/card_events.proto', proto);
}

function write(place: string, file: string, text: string): void {
  mkdirSync(dirname(join(place, file)), { recursive: true });
  writeFileSync(join(place, file), text);
}
