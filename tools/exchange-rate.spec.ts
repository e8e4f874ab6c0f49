import { afterEach, describe, expect, it } from '@jest/globals';
import { Api } from './client/api.ts';
import { type Reply, scriptedDoor } from './client/door.fixture.ts';
import { type Asked, told } from './exchange-rate.ts';

const rate = { base: 'EUR', quote: 'USD', rate: '1.0842', revision: 1, validFrom: '2026-06-01T00:00:00.000000Z', source: 'ECB', by: 'ann' };
const corrected = { ...rate, isCorrected: true };
const ended = { ...rate, rate: '1.1', validUntil: '2026-06-02T00:00:00.000000Z' };

describe('./tollwire exchange-rate', () => {
  const doors: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of doors.splice(0)) await close();
  });

  const asked = async (what: Asked, ...replies: object[]) => {
    const door = await scriptedDoor(replies.map((body): Reply => ({ body: JSON.stringify(body) })));
    doors.push(door.close);
    const { text } = await told(new Api({ baseUrl: door.baseUrl, key: 'k' }), what);
    return { text, asked: door.asked.map(({ method, path, body }) => `${method} ${path} ${body}`.trim()) };
  };

  it('sets a rate, and says what it is', async () => {
    const set = await asked({ action: 'set', base: 'EUR', quote: 'USD', value: '1.0842', source: 'ECB', from: '2026-06-01T00:00:00Z' }, rate);
    expect(set.asked).toEqual(['POST /v1/exchange-rates {"base":"EUR","quote":"USD","rate":"1.0842","source":"ECB","validFrom":"2026-06-01T00:00:00Z"}']);
    expect(set.text).toBe('1 EUR = 1.0842 USD from 2026-06-01T00:00:00.000000Z (ECB), revision 1.\n');
  });

  it('lists rates page by page, and tells those that were corrected', async () => {
    const list = await asked({ action: 'list', base: 'EUR' }, { exchangeRates: [corrected], nextPageToken: 'n/1' }, { exchangeRates: [ended] });
    expect(list.asked).toEqual(['GET /v1/exchange-rates?base=EUR', 'GET /v1/exchange-rates?base=EUR&pageToken=n%2F1']);
    expect(list.text.split('\n').map((line) => line.replaceAll(/ {2,}/g, ' | '))).toEqual([
      '1 EUR = 1.0842 USD | from 2026-06-01T00:00:00.000000Z | corrected | ECB | by ann',
      '1 EUR = 1.1 USD | from 2026-06-01T00:00:00.000000Z | until 2026-06-02T00:00:00.000000Z | ECB | by ann',
      '',
    ]);
    expect((await asked({ action: 'list' }, {})).text).toBe('There is no exchange rate yet.\n');
  });

  it.each([
    [{}, 'Say what to do'],
    [{ action: 'set', base: 'EUR', quote: 'USD', source: 'ECB' }, 'Say which rate'],
    [{ action: 'set', base: 'EUR', quote: 'USD', value: '1' }, 'Say who says so'],
  ])('stops at %j', async (what, message) => {
    await expect(asked(what, {})).rejects.toThrow(message);
  });
});
