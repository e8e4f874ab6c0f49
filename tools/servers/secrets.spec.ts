import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { natsPasswords } from './nats.ts';
import { secrets } from './secrets.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollwire-secrets-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('secrets', () => {
  it('are made once, and only their owner may read them', () => {
    const file = join(folder, 'secrets.json');
    const made = secrets(file);
    expect(secrets(file)).toEqual(made);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('of the version before stay as they are, with the one that it did not know', () => {
    const file = join(folder, 'secrets.json');
    const { cardPinKey: _, ...before } = secrets(file);
    writeFileSync(file, JSON.stringify(before));
    const now = secrets(file);
    expect(now).toEqual({ ...before, cardPinKey: expect.stringMatching(/^p[0-9a-f]{36}$/) });
    expect(secrets(file)).toEqual(now);
  });

  it('differ from clone to clone, and from role to role', () => {
    const [one, other] = [secrets(join(folder, 'one.json')), secrets(join(folder, 'other.json'))];
    expect(one.edgeAdminKey).not.toBe(other.edgeAdminKey);
    const passwords = [one.postgres, ...Object.values(one.owner), ...Object.values(one.app), ...Object.values(one.nats)];
    expect(new Set(passwords).size).toBe(passwords.length);
  });

  it('hold passwords that a NATS configuration never takes for a number', () => {
    const passwords = Object.values(natsPasswords(secrets(join(folder, 'secrets.json')).nats));
    expect(passwords.filter((password) => !/^p[0-9a-f]{36}$/.test(password))).toEqual([]);
  });

  it('cover every user that the bus knows', () => {
    const known = natsPasswords(secrets(join(folder, 'secrets.json')).nats);
    const wanted = readFileSync(join(import.meta.dirname, '../../deploy/nats/users.conf'), 'utf8').match(/NATS_PASSWORD_\w+/g);
    expect(Object.keys(known).sort()).toEqual([...new Set(wanted)].sort());
  });

  it('of another shape are not guessed at', () => {
    writeFileSync(join(folder, 'secrets.json'), '{"postgres":"p"}');
    expect(() => secrets(join(folder, 'secrets.json'))).toThrow('not what this version wrote');
  });
});
