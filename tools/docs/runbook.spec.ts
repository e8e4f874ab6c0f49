import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { metricNames } from '../../libs/platform/src/metrics.ts';
import { reasons } from '../../libs/platform/src/readiness.ts';
import { commandGroups } from '../cli/command.ts';
import { root } from '../cli/project.ts';

const runbook = readFileSync(join(root, 'docs/RUNBOOK.md'), 'utf8');
const all = (pattern: RegExp) => [...new Set([...runbook.matchAll(pattern)].map(([, found = '']) => found))];

describe('the runbook', () => {
  it('has a word for every metric, and names none that there is not', () => {
    const named = all(/\b(tollwire_[a-z]+(?:_[a-z]+)+)/g).map((name) => name.replace(/_(bucket|count|sum)$/, ''));
    const databases = /^tollwire_(edge|card|rating|routing|catalog|cdr)(_app|_owner)?$/;
    expect(new Set(named.filter((name) => !databases.test(name)))).toEqual(new Set(Object.values(metricNames)));
  });

  it('has a word for everything that a service can be missing', () => {
    for (const reason of Object.values(reasons)) expect(runbook).toContain(`\`${reason}\``);
  });

  it('leads somewhere: every link is to an entry of it', () => {
    const entries = all(/^## (.+)$/gm).map((title) => `#${title.toLowerCase().replaceAll(' ', '-')}`);
    for (const link of all(/\]\((#[^)]+)\)/g)) expect(entries).toContain(link);
  });

  it('names programs, commands and routes that there are', () => {
    for (const program of all(/(tools\/[\w/-]+\.ts)/g)) expect({ program, exists: existsSync(join(root, program)) }).toEqual({ program, exists: true });
    const commands = commandGroups().flatMap(({ names }) => names);
    for (const command of all(/\.\/tollwire (\w+)/g)) expect(commands).toContain(command);
    const routes = readFileSync(join(root, 'docs/services/edge.md'), 'utf8');
    for (const route of all(/(\/v1\/[a-z-]+)/g)) expect(routes).toContain(route);
  });
});
