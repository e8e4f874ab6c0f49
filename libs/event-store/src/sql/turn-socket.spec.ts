import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TurnSocket } from './turn-socket.ts';

describe('a socket that writes once a turn', () => {
  const server = createServer();
  let socket: TurnSocket;
  let far: Socket;

  beforeEach(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address() as AddressInfo;
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    socket = new TurnSocket();
    socket.connect(address.port, '127.0.0.1');
    [[far]] = await Promise.all([accepted, once(socket, 'connect')]);
  });

  const arriving = () => once(far, 'data') as Promise<[Buffer]>;

  afterEach(async () => {
    socket.destroy();
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
  });

  it('sends at the end of a turn what is written in it, also between corks of somebody else', async () => {
    socket.write('BEGIN;');
    socket.cork();
    socket.write('one;');
    socket.write('two;');
    socket.uncork();
    socket.write('three;');
    expect(socket.writableLength).toBe('BEGIN;one;two;three;'.length);
    const [got] = await arriving();
    expect([String(got), socket.writableLength]).toEqual(['BEGIN;one;two;three;', 0]);
  });

  it('sends what is written in a later turn by itself, and tells each writer', async () => {
    const written: string[] = [];
    for (const text of ['first', 'second']) {
      socket.write(text, 'utf8', () => written.push(text));
      expect(String((await arriving())[0])).toBe(text);
    }
    expect(written).toEqual(['first', 'second']);
  });
});
