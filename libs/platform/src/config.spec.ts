import { describe, expect, it } from '@jest/globals';
import { commonConfig, ConfigurationError, readConfig } from './config.ts';

const good = { DATABASE_URL: 'postgres://card@127.0.0.1:5432/card', NATS_URL: 'nats://127.0.0.1:4222' };

describe('configuration', () => {
  it('takes the defaults where nothing else is said', () => {
    expect(readConfig(commonConfig, good)).toMatchObject({ BUS_ROOT: 'tollwire', HTTP_HOST: '127.0.0.1', HTTP_PORT: 0, LOG_LEVEL: 'info' });
  });

  it('reads an empty variable as one that is not set', () => {
    expect(readConfig(commonConfig, { ...good, BUS_ROOT: '' }).BUS_ROOT).toBe('tollwire');
  });

  it.each([
    ['DATABASE_URL', 'localhost:5432'],
    ['DATABASE_URL', 'mysql://127.0.0.1/card'],
    ['NATS_URL', 'http://127.0.0.1:4222'],
    ['HTTP_PORT', '65536'],
    ['HTTP_PORT', '80a'],
    ['BUS_ROOT', 'toll.wire'],
    ['LOG_LEVEL', 'loud'],
    ['TRACE_SAMPLE_RATIO', '1.5'],
  ])('refuses %s=%s and names the variable', (name, value) => {
    expect(() => readConfig(commonConfig, { ...good, [name]: value })).toThrow(new RegExp(`mend: ${name}: `));
  });

  it('names every variable at fault at once, and no value', () => {
    const attempt = () => readConfig(commonConfig, { DATABASE_URL: 'secret-value', LOG_LEVEL: 'loud' });
    expect(attempt).toThrow(ConfigurationError);
    expect(attempt).toThrow(/DATABASE_URL: .*NATS_URL: .*LOG_LEVEL: /);
    expect(attempt).not.toThrow(/secret-value/);
  });
});
