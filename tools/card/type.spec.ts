import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { outcomeOf } from '../client/command.fixture.ts';
import { cardTypeLine, cardTypesReply } from './type-lines.ts';
import { cardTypeBody } from './type-options.ts';

const ten = { value: '10.00', currency: 'EUR', tariff: '7' };
const value = { amount: '10.00', currency: 'EUR' };
const folder = mkdtempSync(join(tmpdir(), 'tollwire-reseller-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('./tollwire cardtype', () => {
  it('sends the terms that are said', () => {
    expect(cardTypeBody('Ten', ten)).toEqual({ description: 'Ten', value, tariffId: 7 });
    expect(cardTypeBody('Ten', { ...ten, days: '90', from: 'first_use', 'on-use': true })).toMatchObject({ lifetimeDays: 90, expiresFrom: 'first_use', activatesOnUse: true });
    expect(cardTypeBody('Ten', { ...ten, until: '2027-01-01T00:00:00Z' })).toMatchObject({ expiresFrom: 'date', expiresAt: '2027-01-01T00:00:00Z' });
    expect(cardTypeBody('Ten', { ...ten, pulse: '60', 'first-pulse': '30', 'incoming-leg': true, inactive: true })).toMatchObject({
      frequencySec: 60, startpulseSec: 30, pulsePolicy: 'incoming_leg', active: false,
    });
  });

  it.each([
    [undefined, ten], ['Ten', { ...ten, tariff: undefined }], ['Ten', { ...ten, tariff: 'x' }], ['Ten', { ...ten, from: 'first_use' }], ['Ten', { ...ten, days: '3', until: '2027-01-01T00:00:00Z' }],
  ])('stops where they make no sense: %j %j', (description, options) => {
    expect(() => cardTypeBody(description, options)).toThrow();
  });

  it('tells each in a line', () => {
    const type = { cardTypeId: 5, description: 'Ten', value, tariffId: 7, active: true };
    const lines = cardTypesReply.parse({ cardTypes: [
      type, { ...type, lifetimeDays: 90, expiresFrom: 'first_use', activatesOnUse: true, frequencySec: 60, startpulseSec: 30 },
      { ...type, expiresFrom: 'date', expiresAt: '2027', frequencySec: 60, startpulseSec: 30, incomingLeg: true, active: false },
    ] }).cardTypes.map(cardTypeLine);
    expect(lines).toEqual([
      '5 Ten: 10.00 EUR, tariff 7, lives for ever',
      '5 Ten: 10.00 EUR, tariff 7, lives 90 days from first_use, its first call activates it, billed in 30 s and 60 s',
      '5 Ten: 10.00 EUR, tariff 7, until 2027, billed in 30 s for the incoming leg and 60 s, inactive',
    ]);
  });

  it('withdraws one and offers it again, and says where that is nothing new', async () => {
    const withdrawn = await outcomeOf(['cardtype', 'withdraw', '5'], [{ cardTypeId: 5, active: false, changed: true }]);
    expect(withdrawn).toMatchObject({ asked: ['POST /v1/card-types/5/withdraw'], out: 'card type 5: no cards are made of it; those that were made go on\n', exitCode: 0 });
    const again = await outcomeOf(['cardtype', 'offer', '5'], [{ cardTypeId: 5, active: true, changed: false }]);
    expect(again).toMatchObject({ asked: ['POST /v1/card-types/5/offer'], out: 'card type 5: cards are made of it, as before: nothing changed\n', exitCode: 1 });
    expect(await outcomeOf(['cardtype', 'withdraw'])).toMatchObject({ asked: [], exitCode: 2, stopped: expect.stringContaining('./tollwire cardtype withdraw 5') });
  });

  it('tells how cards of a new one are made', async () => {
    const { asked, out } = await outcomeOf(['cardtype', 'create', 'Ten', '--value', '10.00', '--currency', 'EUR', '--tariff', '7'], [{ id: 5 }]);
    expect({ asked, out }).toEqual({ asked: ['POST /v1/card-types'], out: 'card type 5: ./tollwire card make BATCH --type 5 --quantity N makes cards of it\n' });
  });
});

describe('./tollwire reseller', () => {
  it('registers one with the password of a file, and tells nothing of it', async () => {
    const file = join(folder, 'password');
    writeFileSync(file, 'correct horse\nand more\n');
    const { bodies, out } = await outcomeOf(['reseller', 'register', 'ann', '--password-file', file], [{ id: 7 }]);
    expect({ body: JSON.parse(bodies[0] ?? ''), out }).toEqual({ body: { username: 'ann', password: 'correct horse' }, out: 'reseller 7: ann\n' });
  });

  it('lists them with what they earn', async () => {
    const commissions = [{ resellerId: 2, cardTypeId: 0, ppm: 125_000 }, { resellerId: 2, cardTypeId: 5, ppm: 50_000 }];
    const { out } = await outcomeOf(['reseller', 'list'], [{ resellers: [{ resellerId: 1, username: 'own company' }, { resellerId: 2, username: 'ann', registeredBy: 'bob' }] }, { commissions }]);
    expect(out).toBe('1 own company\n2 ann, registered by bob, 12.5 % of payments for its cards, 5 % of payments for cards of type 5\n');
  });
});

describe('./tollwire key', () => {
  it('issues one, and tells its token first, by itself', async () => {
    const { bodies, out } = await outcomeOf(['key', 'issue', 'shop 7', '--role', 'reseller', '--reseller', '7'], [{ keyId: '0123456789abcdef', token: 'tw_x' }]);
    expect({ body: JSON.parse(bodies[0] ?? ''), out: out.split('\n')[0] }).toEqual({ body: { name: 'shop 7', role: 'reseller', resellerId: 7 }, out: 'tw_x' });
  });

  it('lists and revokes them', async () => {
    const key = { keyId: '0123456789abcdef', name: 'shop 7', role: 'reseller', resellerId: 7, issuedAt: 't1', issuedBy: 'ann' };
    expect((await outcomeOf(['key', 'list'], [{ apiKeys: [key, { ...key, revokedAt: 't2', revokedBy: 'bob' }] }])).out.split('\n')).toEqual([
      '0123456789abcdef reseller of reseller 7 "shop 7", issued t1 by ann', '0123456789abcdef reseller of reseller 7 "shop 7", issued t1 by ann; revoked t2 by bob', '',
    ]);
    expect((await outcomeOf(['key', 'revoke', '0123456789abcdef'], [{ body: '' }])).asked).toEqual(['DELETE /v1/api-keys/0123456789abcdef']);
  });
});
