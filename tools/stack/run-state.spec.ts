import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { processOf } from '../servers/processes.ts';
import { addressesOf, liveRun, readRunState, type RunState, writeRunState } from './run-state.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollwire-run-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const run: RunState = {
  phase: 'running', error: null, supervisor: processOf(process.pid) ?? null, startedAt: '2026-01-01T00:00:00Z',
  plan: {
    host: '127.0.0.1',
    postgres: { server: { kind: 'own', binary: '/bin/postgres' }, port: 5001, prefix: 'tollwire' },
    nats: { server: { kind: 'named', url: 'nats://bus' }, port: 5002, monitorPort: 5003 },
    services: [{ name: 'card', entry: 'card.js', port: 5005 }, { name: 'edge', entry: 'edge.js', port: 5004 }],
  },
  processes: { card: { state: 'running', process: null, restarts: 1, lastExit: 'signal SIGKILL', startedAt: '2026-01-01T00:00:01Z' } },
};

describe('what is written of a run', () => {
  it('is read as it was written, replaces what was there, and is for its owner only', () => {
    expect(readRunState(folder)).toBeUndefined();
    writeRunState({ ...run, phase: 'starting' }, folder);
    writeRunState(run, folder);
    expect(readRunState(folder)).toEqual(run);
    expect(readdirSync(folder)).toEqual(['run.json']);
    expect(statSync(join(folder, 'run.json')).mode & 0o777).toBe(0o600);
  });

  it('by another version counts as nothing', () => {
    writeFileSync(join(folder, 'run.json'), JSON.stringify({ ...run, phase: 'paused' }));
    expect(readRunState(folder)).toBeUndefined();
    expect(liveRun(folder)).toBeUndefined();
  });

  it.each([
    ['lives', run.supervisor, true],
    ['is gone', { pid: 999_999, bornAt: 'then' }, false],
    ['is another process with its id', { pid: process.pid, bornAt: 'in another time' }, false],
    ['is not there yet', null, false],
  ])('is a live run when its supervisor %s', (_, supervisor, lives) => {
    writeRunState({ ...run, supervisor }, folder);
    expect(liveRun(folder) !== undefined).toBe(lives);
  });

  it.each(['Up', 'a-b', '1a', "x'; drop"])('names no databases %j', (prefix) => {
    writeRunState({ ...run, plan: { ...run.plan, postgres: { ...run.plan.postgres, prefix } } }, folder);
    expect(readRunState(folder)).toBeUndefined();
  });
});

describe('the addresses of a run', () => {
  it('have the edge as the API, and health and metrics of each service', () => {
    expect(addressesOf(run)).toEqual({
      api: 'http://127.0.0.1:5004',
      docs: 'http://127.0.0.1:5004/docs',
      health: { card: 'http://127.0.0.1:5005/health/ready', edge: 'http://127.0.0.1:5004/health/ready' },
      metrics: { card: 'http://127.0.0.1:5005/metrics', edge: 'http://127.0.0.1:5004/metrics' },
    });
  });
});
