import { describe, expect, it } from '@jest/globals';
import { StreamConflict } from '../stream/append.ts';
import { isTransient } from './transient.ts';

const coded = (code: string) => Object.assign(new Error('of the server'), { code });

describe('isTransient', () => {
  it.each([
    ['08006', 'connection lost'],
    ['40001', 'serialization failure'],
    ['40P01', 'deadlock'],
    ['53300', 'too many connections'],
    ['53100', 'disk full'],
    ['55P03', 'lock not available'],
    ['57P01', 'server shuts down'],
    ['57P03', 'server starts up'],
    ['25006', 'read-only after a failover'],
    ['25P03', 'idle in transaction for too long'],
    ['ECONNREFUSED', 'nobody listens'],
    ['EAI_AGAIN', 'no name server'],
  ])('tries again after %s: %s', (code) => {
    expect(isTransient(coded(code))).toBe(true);
  });

  it.each([
    ['23505', 'unique violation'],
    ['23514', 'check violation'],
    ['22P02', 'not a number'],
    ['42601', 'syntax error'],
    ['42501', 'no permission'],
    ['25P02', 'transaction failed already'],
  ])('does not try again after %s: %s', (code) => {
    expect(isTransient(coded(code))).toBe(false);
  });

  it('looks at what pg says of lost connections, at causes, and at several errors in one', () => {
    expect(isTransient(new Error('Connection terminated unexpectedly'))).toBe(true);
    expect(isTransient(new Error('Query failed', { cause: coded('08006') }))).toBe(true);
    expect(isTransient(new AggregateError([coded('ECONNREFUSED'), coded('ECONNREFUSED')]))).toBe(true);
    expect(isTransient(new StreamConflict(['card-1']))).toBe(true);
  });

  it('takes a bug for a bug', () => {
    expect(isTransient(new TypeError('x is undefined'))).toBe(false);
    expect(isTransient('a text')).toBe(false);
    expect(isTransient(undefined)).toBe(false);
  });
});
