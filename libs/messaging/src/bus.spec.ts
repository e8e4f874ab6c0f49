import { describe, expect, it } from '@jest/globals';
import { serversOf } from './bus.ts';

describe('the address of the bus', () => {
  it.each([
    ['nats://127.0.0.1:4222', { servers: ['127.0.0.1:4222'] }],
    ['nats://card:p%40ss@nats:4222', { servers: ['nats:4222'], user: 'card', pass: 'p@ss' }],
    ['tls://u:p@a:4222, tls://u:p@b:4222', { servers: ['a:4222', 'b:4222'], user: 'u', pass: 'p', tls: {} }],
  ])('%s gives servers and credentials', (url, options) => {
    expect(serversOf(url)).toEqual(options);
  });
});
