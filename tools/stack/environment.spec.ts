import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { root, serviceNames } from '../cli/project.ts';
import { secrets as makeSecrets } from '../servers/secrets.ts';
import { adminUrl, busUrl, connectionsOf, serviceEnvironment } from './environment.ts';
import type { Plan } from './run-state.ts';

const folder = mkdtempSync(join(tmpdir(), 'tollwire-environment-'));
const secrets = makeSecrets(join(folder, 'secrets.json'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const own: Plan = {
  host: '127.0.0.1',
  postgres: { server: { kind: 'own', binary: '/bin' }, port: 5001, prefix: 'tollwire' },
  nats: { server: { kind: 'own', binary: '/nats-server' }, port: 5002, monitorPort: 5003 },
  services: [],
};

describe('the environment of a service', () => {
  it('names its own database twice, once for each role, and its own user on the bus', () => {
    const card = serviceEnvironment(own, { name: 'card', port: 5004 }, secrets);
    expect(card['DATABASE_URL']).toBe(`postgres://tollwire_card_app:${secrets.app.card}@127.0.0.1:5001/tollwire_card`);
    expect(card['MIGRATION_DATABASE_URL']).toBe(`postgres://tollwire_card_owner:${secrets.owner.card}@127.0.0.1:5001/tollwire_card`);
    expect(card['NATS_URL']).toBe(`nats://card:${secrets.nats.card}@127.0.0.1:5002`);
    expect(card).toMatchObject({ HTTP_HOST: '127.0.0.1', HTTP_PORT: '5004', BUS_ROOT: 'tollwire' });
  });

  it('holds no secret of another service', () => {
    const card = JSON.stringify(serviceEnvironment(own, { name: 'card', port: 5004 }, secrets));
    const foreign = [secrets.postgres, secrets.edgeAdminKey, secrets.owner.cdr, secrets.app.rating, secrets.nats.operator];
    expect(foreign.filter((secret) => card.includes(secret))).toEqual([]);
  });

  it('uses named servers as they were named, but its own database there', () => {
    const named: Plan = {
      ...own,
      postgres: { server: { kind: 'named', url: 'postgres://me:pw@db.example:6000/postgres' }, port: 0, prefix: 'second' },
      nats: { server: { kind: 'named', url: 'nats://bus.example:4222' }, port: 0, monitorPort: 0 },
    };
    expect(adminUrl(named, secrets)).toBe('postgres://me:pw@db.example:6000/postgres');
    expect(busUrl(named, 'card', secrets)).toBe('nats://bus.example:4222');
    expect(serviceEnvironment(named, { name: 'card', port: 1 }, secrets)['DATABASE_URL']).toContain('@db.example:6000/second_card');
  });
});

describe('what other programs are told', () => {
  it('is the door, PostgreSQL as its administrator and the bus as its operator, wherever they are', () => {
    const plan: Plan = { ...own, services: [{ name: 'edge', entry: '', port: 8481 }] };
    expect(connectionsOf(plan, secrets)).toEqual({
      TOLLWIRE_URL: 'http://127.0.0.1:8481', TOLLWIRE_API_KEY: secrets.edgeAdminKey,
      PGHOST: '127.0.0.1', PGPORT: '5001', PGUSER: 'postgres', PGPASSWORD: secrets.postgres, NATS_URL: `nats://operator:${secrets.nats.operator}@127.0.0.1:5002`,
    });
    const named: Plan = { ...plan, postgres: { server: { kind: 'named', url: 'postgres://me:p%40w@db.example/postgres' }, port: 0, prefix: 'second' } };
    expect(connectionsOf(named, secrets)).toMatchObject({ PGHOST: 'db.example', PGPORT: '5432', PGUSER: 'me', PGPASSWORD: 'p@w' });
  });
});

describe('docker-compose.yml', () => {
  const compose = readFileSync(join(root, 'docker-compose.yml'), 'utf8');

  it.each(serviceNames.map((name) => [name]))('configures %s with the same variables as everywhere', (name) => {
    const variables = Object.keys(serviceEnvironment(own, { name, port: 1 }, secrets));
    const shared = /^x-environment:[\s\S]*?^services:/m.exec(compose)?.[0] ?? '';
    const section = new RegExp(`^ {2}${name}:\\n(?: {4}.*\\n)+`, 'm').exec(compose)?.[0] ?? '';
    expect(variables.filter((variable) => !`${shared}${section}`.includes(` ${variable}: `))).toEqual([]);
    expect(section).toContain(`tollwire_${name}_app:`);
    expect(section).toContain(`nats://${name}:`);
  });

  it('gives the bus a password for each of its users', () => {
    const users = readFileSync(join(root, 'deploy/nats/users.conf'), 'utf8').match(/NATS_PASSWORD_\w+/g) ?? [];
    expect(users.filter((user) => !compose.includes(` ${user}: `))).toEqual([]);
  });
});
