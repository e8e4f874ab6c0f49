import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { metricNames } from '../../libs/platform/src/metrics.ts';
import { reasons } from '../../libs/platform/src/readiness.ts';
import { commandGroups } from '../cli/command.ts';
import { root } from '../cli/project.ts';

const runbook = readFileSync(join(root, 'docs/RUNBOOK.md'), 'utf8');
/** The rules of Prometheus, in the one form that the file keeps to; what is in another form is found by its count. */
const ruleText = readFileSync(join(root, 'deploy/prometheus-rules.yml'), 'utf8');
const ruleForm = /- alert: (\w+)\n +expr: (.+)\n +for: (\w+)\n +labels: \{ severity: (?:page|ticket) \}\n +annotations: \{ summary: '[^']+', runbook: 'docs\/RUNBOOK\.md(#[a-z-]+)' \}\n/g;
const rules = [...ruleText.matchAll(ruleForm)].map(([, alert = '', expr = '', time = '', entry = '']) => ({ alert, expr, time, entry }));

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

  it('lists the alerts that Prometheus is given, each as it stands there, and no other', () => {
    expect(rules).toHaveLength(ruleText.split('- alert:').length - 1);
    const rows = [...runbook.matchAll(/^\| `([A-Z]\w+)` \| `(.+)` \| (\w+) \| \[[a-z ]+\]\((#[a-z-]+)\) \|$/gm)];
    expect(rows.map(([, alert, expr, time, entry]) => ({ alert, expr, time, entry }))).toEqual(rules);
  });

  it('is led to by alerts over metrics that there are', () => {
    const known = Object.values(metricNames).flatMap((name) => [name, `${name}_bucket`, `${name}_count`]);
    for (const { expr } of rules) for (const [name] of expr.matchAll(/tollwire_\w+/g)) expect(known).toContain(name);
  });

  it('leads somewhere: every link is to an entry of it', () => {
    const entries = all(/^## (.+)$/gm).map((title) => `#${title.toLowerCase().replaceAll(' ', '-')}`);
    for (const link of all(/\]\((#[^)]+)\)/g)) expect(entries).toContain(link);
  });

  it('names programs, commands and routes that there are', () => {
    for (const program of all(/(tools\/[\w/-]+\.ts)/g)) expect({ program, exists: existsSync(join(root, program)) }).toEqual({ program, exists: true });
    const commands = commandGroups().flatMap(({ names }) => names);
    for (const command of all(/\.\/tollwire ([\w-]+)/g)) expect(commands).toContain(command);
    const routes = readFileSync(join(root, 'docs/services/edge.md'), 'utf8');
    for (const route of all(/(\/v1\/[a-z-]+)/g)) expect(routes).toContain(route);
  });
});
