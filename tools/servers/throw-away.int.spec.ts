import { mkdirSync, mkdtempSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '@tollwire/testing';
import { z } from 'zod';
import { isAlive, processOf, processRef } from './processes.ts';
import { reachNats, reachPostgres } from './reach.ts';
import { removeLeftovers, startOwn } from './throw-away.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(process.env['TOLLWIRE_TEST_FOLDER'] ?? tmpdir(), 'own-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const list = z.object({ servers: z.array(processRef) });

describe('throw-away servers', () => {
  it('answer when they are handed over, and are gone after they are removed', async () => {
    const servers = await startOwn(folder, { postgres: true, nats: process.env['TOLLWIRE_TEST_NATS_BINARY'] });
    await reachPostgres(servers.environment['TOLLWIRE_TEST_PG_URL'] ?? '', { timeoutMs: 0 });
    await reachNats(servers.environment['TOLLWIRE_TEST_NATS_URL'] ?? '', { timeoutMs: 0 });
    const { servers: running } = list.parse(JSON.parse(readFileSync(join(folder, 'processes.json'), 'utf8')));
    expect(running.map(isAlive)).toEqual([true, true]);
    await servers.remove();
    expect(running.map(isAlive)).toEqual([false, false]);
  }, 30_000);

  it('are taken down in part when the other part cannot start', async () => {
    const broken = startOwn(folder, { postgres: true, nats: join(folder, 'no-such-server') });
    await expect(broken).rejects.toThrow();
    const { servers: running } = list.parse(JSON.parse(readFileSync(join(folder, 'processes.json'), 'utf8')));
    expect(running.filter(isAlive)).toEqual([]);
  }, 60_000);
});

describe('what a killed test run left behind', () => {
  const gone = { pid: 999_999, bornAt: 'long ago' };

  function leftBehind(name: string, owner: unknown, servers: unknown[]): string {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'processes.json'), JSON.stringify({ owner, servers }));
    return join(folder, name);
  }

  it('is ended and removed', async () => {
    const server = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const ref = await until(() => processOf(server.pid ?? 0));
    const place = leftBehind('test-999999-a', gone, [ref]);
    expect(await removeLeftovers(folder)).toBe(1);
    expect(isAlive(ref)).toBe(false);
    expect(existsSync(place)).toBe(false);
  });

  it('is left alone while its owner lives', async () => {
    const place = leftBehind(`test-${process.pid}-a`, processOf(process.pid), []);
    mkdirSync(join(folder, `test-${process.pid}-b`));
    expect(await removeLeftovers(folder)).toBe(0);
    expect(existsSync(place)).toBe(true);
  });
});
