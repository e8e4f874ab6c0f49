import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Misuse } from '../cli/stop.ts';
import { runningApi } from './connect.ts';

describe('another door than that of this clone', () => {
  const before = { url: process.env['TOLLWIRE_URL'], key: process.env['TOLLWIRE_API_KEY'] };
  const put = (variable: string, value: string | undefined): void => {
    if (value === undefined) Reflect.deleteProperty(process.env, variable);
    else process.env[variable] = value;
  };
  beforeEach(() => put('TOLLWIRE_URL', 'http://127.0.0.1:9'));
  afterEach(() => {
    put('TOLLWIRE_URL', before.url);
    put('TOLLWIRE_API_KEY', before.key);
  });

  it('is not asked with the key of this clone, and not left out without a word', () => {
    put('TOLLWIRE_API_KEY', undefined);
    expect(() => runningApi()).toThrow(Misuse);
    expect(() => runningApi()).toThrow('put that into TOLLWIRE_API_KEY');
  });

  it('is asked with the key that is named', () => {
    put('TOLLWIRE_API_KEY', 'k-2');
    expect(() => runningApi()).not.toThrow();
  });
});
