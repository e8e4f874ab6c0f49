import type { Plant } from './probes.ts';

const pure = 'services/card/src/domain';
const shell = 'services/card/src/api';

/** `count` lines, for the limits on size. */
const lines = (count: number, text: string): string => `${text}\n`.repeat(count);

// Spelled apart, so that this file passes the rules that it plants violations of.
const mark = ['TO', 'DO'].join('');
const machinePath = ['', 'work', 'main'].join('/');

const lintPlants: readonly Plant[] = [
  { rule: '@typescript-eslint/no-explicit-any', file: `${shell}/any.ts`, text: 'export function f(x: any): void { void x; }\n' },
  { rule: '@typescript-eslint/no-non-null-assertion', file: `${shell}/bang.ts`, text: 'export const f = (x?: string): number => x!.length;\n' },
  { rule: '@typescript-eslint/consistent-type-assertions', file: `${shell}/cast.ts`, text: 'export const f = (x: unknown): string => x as string;\n' },
  {
    rule: 'no-restricted-syntax',
    file: `${shell}/overload.ts`,
    text: 'export function f(x: unknown): string;\nexport function f(x: unknown): unknown {\n  return x;\n}\n',
  },
  {
    rule: 'no-restricted-syntax',
    file: `${pure}/overloaded-method.ts`,
    text: 'export class F {\n  of(x: unknown): string;\n  of(x: unknown): unknown {\n    return x;\n  }\n}\n',
  },
  { rule: '@typescript-eslint/no-floating-promises', file: `${shell}/floating.ts`, text: 'export function f(x: () => Promise<void>): void {\n  x();\n}\n' },
  { rule: 'eqeqeq', file: `${shell}/loose.ts`, text: 'export const f = (x: string, y: string): boolean => x == y;\n' },
  { rule: '@typescript-eslint/consistent-type-imports', file: `${shell}/type-import.ts`, text: "import { CardDeps } from '../card.deps.ts';\nexport type Deps = CardDeps;\n" },
  { rule: '@typescript-eslint/no-unused-vars', file: `${shell}/unused.ts`, text: 'export function f(): void {\n  const x = 1;\n}\n' },
  { rule: '@typescript-eslint/restrict-template-expressions', file: `${shell}/template.ts`, text: 'export const f = (x: object): string => `${x}`;\n' },
  { rule: '@typescript-eslint/no-confusing-void-expression', file: `${shell}/void.ts`, text: 'export function f(x: () => void): void {\n  const y = x();\n  void y;\n}\n' },
  { rule: '@typescript-eslint/no-extraneous-class', file: `${shell}/class.ts`, text: 'export class Names {\n  static first = 1;\n}\n' },
  { rule: 'no-console', file: `${shell}/console.ts`, text: "console.log('here');\n" },
  { rule: 'no-empty', file: `${shell}/swallowed.ts`, text: 'export function f(x: () => void): void {\n  try {\n    x();\n  } catch {}\n}\n' },
  { rule: 'max-lines-per-function', file: `${shell}/long-function.ts`, text: `export function f(x: () => void): void {\n${lines(70, '  x();')}}\n` },
  { rule: 'max-lines', file: `${shell}/long-file.ts`, text: `export const n = 1;\n${lines(400, '//')}` },
  {
    rule: '@typescript-eslint/switch-exhaustiveness-check',
    file: `${shell}/switch.ts`,
    text: "export function f(x: 'a' | 'b'): number {\n  switch (x) {\n    case 'a':\n      return 1;\n  }\n  return 0;\n}\n",
  },
  {
    rule: '@typescript-eslint/switch-exhaustiveness-check',
    file: `${shell}/switch-with-default.ts`,
    text: "export function f(x: 'a' | 'b' | 'c'): number {\n  switch (x) {\n    case 'a':\n      return 1;\n    default:\n      return 0;\n  }\n}\n",
  },
  { rule: '@typescript-eslint/no-explicit-any', file: `${shell}/silenced.ts`, text: '// eslint-disable-next-line\nexport const f = (x: any): unknown => x;\n' },
  { rule: 'no-restricted-syntax', file: `${shell}/skipped.spec.ts`, text: "import { it } from '@jest/globals';\nit.skip('later', () => undefined);\n" },
  { rule: 'no-restricted-properties', file: `${pure}/now.ts`, text: 'export const f = (): number => Date.now();\n' },
  { rule: 'no-restricted-properties', file: `${pure}/chance.ts`, text: 'export const f = (): number => Math.random();\n' },
  { rule: 'no-restricted-syntax', file: `${pure}/new-date.ts`, text: 'export const f = (): number => new Date().getTime();\n' },
  { rule: 'no-restricted-syntax', file: `${pure}/waits.ts`, text: 'export async function f(x: Promise<number>): Promise<number> {\n  return await x;\n}\n' },
  { rule: 'no-restricted-globals', file: `${pure}/process.ts`, text: 'export const f = (): number => process.pid;\n' },
  { rule: 'no-restricted-syntax', file: 'libs/telecom/src/files.ts', text: "import { sep } from 'node:path';\nexport const f = sep;\n" },
];

const boundaryPlants: readonly Plant[] = [
  { rule: 'core-imports-nothing', file: 'libs/core/src/imports.ts', text: "import '@tollwire/telecom';\n" },
  { rule: 'telecom-imports-core-only', file: 'libs/telecom/src/imports.ts', text: "import '@tollwire/messaging';\n" },
  { rule: 'domain-is-pure', file: `${pure}/imports.ts`, text: "import '@tollwire/event-store';\n" },
  { rule: 'domain-is-pure', file: `${pure}/shell.ts`, text: "import '../api/console.ts';\n" },
  { rule: 'services-never-each-other', file: 'services/rating/src/imports.ts', text: "import '../../card/src/api/console.ts';\n" },
  { rule: 'libraries-never-services', file: 'libs/platform/src/imports.ts', text: "import '../../../services/card/src/api/console.ts';\n" },
  { rule: 'store-and-bus-apart', file: 'libs/event-store/src/imports.ts', text: "import '@tollwire/messaging';\n" },
  { rule: 'store-and-bus-apart', file: 'libs/messaging/src/imports.ts', text: "import '@tollwire/event-store';\n" },
  { rule: 'contracts-stand-alone', file: 'libs/contracts/src/imports.ts', text: "import '@tollwire/platform';\n" },
  { rule: 'tools-are-nobodys-dependency', file: 'libs/platform/src/tools.ts', text: "import '../../../tools/main.ts';\n" },
  { rule: 'tests-are-nobodys-dependency', file: `${shell}/testing.ts`, text: "import '@tollwire/testing';\n" },
  { rule: 'no-cycles', file: `${shell}/egg.ts`, text: "import { hen } from './hen.ts';\nexport const egg = (): unknown => hen;\n" },
  { rule: 'everything-resolves', file: `${shell}/nowhere.ts`, text: "import './no-such-file.ts';\n" },
];

const textPlants: readonly Plant[] = [
  { rule: 'no-marks', file: `${shell}/mark.ts`, text: `// ${mark}: later\nexport {};\n` },
  { rule: 'no-machine-paths', file: `${shell}/machine.ts`, text: `export const f = '${machinePath}';\n` },
  { rule: 'no-tabs', file: `${shell}/tab.ts`, text: 'export const f = {\n\ta: 1,\n};\n' },
  { rule: 'no-trailing-space', file: `${shell}/space.ts`, text: 'export const f = 1; \n' },
  { rule: 'line-length', file: `${shell}/wide.ts`, text: `export const f = '${'x'.repeat(200)}';\n` },
  { rule: 'no-vague-names', file: `${shell}/vague.ts`, text: 'export class CardManager {}\n' },
  { rule: 'facts-in-past-tense', file: `${pure}/vague-fact.ts`, text: "export const f = { type: 'CardUpdated' };\n" },
  { rule: 'file-length', file: 'services/card/long.mjs', text: lines(401, '//') },
  { rule: 'no-dead-links', file: 'docs/lost.md', text: 'See [the page](nowhere/page.md#part).\n' },
  { rule: 'final-newline', file: `${shell}/open-end.ts`, text: 'export const f = 1;' },
  { rule: 'file-names', file: `${shell}/CamelCase.ts`, text: 'export const f = 1;\n' },
  { rule: 'folder-depth', file: `${shell}/a/b/c/deep.ts`, text: 'export const f = 1;\n' },
];

const otherPlants: readonly Plant[] = [
  { rule: 'types', file: `${shell}/types.ts`, text: "export const f: number = 'one';\n" },
  { rule: 'types', file: `${shell}/unchecked-index.ts`, text: 'export const f = (x: string[]): string => x[0];\n' },
  { rule: 'buf-lint', file: 'proto/tollwire/card/v1/lint.proto', text: 'syntax = "proto3";\n\npackage tollwire.card.v1;\n\nmessage lower_case {}\n' },
  {
    rule: 'buf-breaking',
    file: 'proto/tollwire/card/v1/card_events.proto',
    text: 'syntax = "proto3";\n\npackage tollwire.card.v1;\n\nmessage CardActivated {\n  int64 card_id = 1;\n}\n',
  },
  { rule: 'generated', file: 'libs/contracts/src/gen/left_over_pb.ts', text: 'export {};\n' },
  // The contract above is no longer the committed one.
  { rule: 'generated', file: 'proto/baseline.binpb' },
  { rule: 'generated', file: 'docs/FLOW.md', text: 'An old text.\n' },
];

/** What a planted violation needs beside it. */
export const supports: readonly Omit<Plant, 'rule'>[] = [
  { file: `${shell}/hen.ts`, text: "import { egg } from './egg.ts';\nexport const hen = (): unknown => egg;\n" },
  { file: 'tools/main.ts', text: 'export {};\n' },
  { file: 'tools/generate/flow.ts', text: "export const path = 'docs/FLOW.md';\nexport const generate = (): string => 'A new text.';\n" },
];

/** One violation for each rule, and the file in which the rule must fire. */
export const plants: readonly Plant[] = [...lintPlants, ...boundaryPlants, ...textPlants, ...otherPlants];
