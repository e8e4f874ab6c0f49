import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Finding } from './run-tool.ts';

/** A rule about the text of files, line by line or as a whole. */
interface TextRule {
  readonly name: string;
  /** Files that it looks at, by path. */
  readonly files: RegExp;
  check(file: string, lines: readonly string[], folder: string): Omit<Finding, 'rule' | 'file'>[];
}

const code = /\.(ts|mjs|js|sh|proto|ya?ml|conf)$|(^|\/)(tollwire|Dockerfile)$|^\.ci\/run$/;
const typescript = /\.ts$/;
const generated = /(^|\/)(gen|dist|node_modules|\.tollwire|\.nx)\/|package-lock\.json$/;

/** Every line that matches is a finding. */
function lines(name: string, files: RegExp, pattern: RegExp, message: string): TextRule {
  return {
    name,
    files,
    check: (_file, all) => all.flatMap((text, at) => (pattern.test(text) ? [{ line: at + 1, message }] : [])),
  };
}

/** A file of which `holds` is not true is a finding. */
function files(name: string, which: RegExp, message: string, holds: (file: string, all: readonly string[]) => boolean): TextRule {
  return { name, files: which, check: (file, all) => (holds(file, all) ? [] : [{ message }]) };
}

/** Words are spelled apart, so that this file passes its own rules. */
const marks = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X'].join('|')})\\b`);
const machinePath = /(^|[^a-z.])\/(?:wor[k]|roo[t]|home\/[a-z]+)\//;
/** MikroORM tells the order of migrations by their names. */
const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*\.ts$|^Migration\d+_\w+\.ts$/;
const vagueNames = /^export (?:abstract )?(?:class|function|const|interface|type) \w*(?:Manager|Helper|Utils?|Processor|Info)\b/;
const vagueFacts = /^\s*(?:message \w*|.*\btype: '\w*)(?:Updated|Changed|Processed)\b/;

/** The files that a line of Markdown links to, without anchors; addresses elsewhere are not looked at. */
const links = (text: string): string[] =>
  [...text.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)/g)].flatMap(([, target]) => (target === undefined ? [] : [target]));

const deadLinks: TextRule = {
  name: 'no-dead-links',
  files: /\.md$/,
  check: (file, all, folder) =>
    all.flatMap((text, at) =>
      links(text)
        .filter((target) => !existsSync(join(folder, dirname(file), target)))
        .map((target) => ({ line: at + 1, message: `links to ${target}, which does not exist` })),
    ),
};

export const textRules: readonly TextRule[] = [
  deadLinks,
  lines('no-marks', code, marks, 'no marks for later on main: do it, or file an issue'),
  lines('no-machine-paths', /./, machinePath, 'a path of one machine'),
  lines('no-tabs', code, /\t/, 'a tab; indent with spaces'),
  lines('no-trailing-space', code, /[ \t]+$/, 'space at the end of the line'),
  lines('line-length', code, /^.{201,}$/, 'longer than 200 characters'),
  lines('no-vague-names', typescript, vagueNames, 'says nothing: name what it does in the words of the trade'),
  lines('facts-in-past-tense', /domain\/.*\.ts$|_events\.proto$/, vagueFacts, 'an event tells what happened, in the words of the trade'),
  files('file-length', code, 'longer than 400 lines: split it along a seam of the trade', (_file, all) => all.length <= 400),
  files('final-newline', code, 'does not end with one newline', (_file, all) => all.at(-1) === '' && (all.length < 2 || all.at(-2) !== '')),
  files('file-names', typescript, 'name files in kebab-case', (file) => kebabCase.test(basename(file))),
  files('folder-depth', /\/src\/.*\.ts$/, 'more than three folders deep', (file) => (file.split('/src/')[1]?.split('/').length ?? 0) <= 4),
];

/** Checks the text of every file that is, or is about to be, under version control. */
export function texts(folder: string, rules: readonly TextRule[] = textRules): Finding[] {
  return filesOf(folder).flatMap((file) => {
    const wanted = rules.filter((rule) => rule.files.test(file));
    if (wanted.length === 0) return [];
    const text = readFileSync(join(folder, file), 'utf8');
    if (text.includes('\0') || text === '') return [];
    const all = text.split('\n');
    return wanted.flatMap((rule) => rule.check(file, all, folder).map((finding) => ({ rule: rule.name, file, ...finding })));
  });
}

/** What git knows or would add; a folder without git is taken as a whole. */
function filesOf(folder: string): string[] {
  const inGit = listByGit(folder);
  const all = inGit ?? globSync('**/*', { cwd: folder, exclude: (name) => /^(node_modules|dist|\.tollwire)$/.test(name) });
  return all.filter((file) => !generated.test(file) && statSync(join(folder, file), { throwIfNoEntry: false })?.isFile() === true);
}

function listByGit(folder: string): string[] | undefined {
  try {
    const top = execFileSync('git', ['rev-parse', '--show-prefix'], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    // A probe's folder lies inside the repository, but is none.
    if (top.trim() !== '') return undefined;
    const listed = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], { cwd: folder, encoding: 'utf8', maxBuffer: 1e8 });
    return listed.split('\0').filter((file) => file !== '');
  } catch {
    return undefined;
  }
}
