import { describe, expect, it } from '@jest/globals';
import { dataOf, encodeData, NumbersScreenedSchema, type PublicEvent } from '@tollwire/contracts';
import { instantUs } from '@tollwire/core';
import { table } from '@tollwire/testing';
import { type KeptEntry, KeptLists } from '../domain/kept-lists.ts';
import { e164 } from '../domain/route.fixture.ts';
import { ListHits } from './list-hits.ts';

/** Entries as `43664` or `AT=43/4399`. */
function entriesOf(list: KeptEntry['list'], text: string): KeptEntry[] {
  return text.split(',').filter((each) => each !== '').map((each) => {
    const [subject = '', prefixes = subject] = each.split('=');
    return { list, subject, isCountry: subject !== prefixes, prefixes: prefixes.split('/') };
  });
}

describe('the lists that calls are screened by', () => {
  it.each(table(`
    white     black            policy | list       prefix  country  stops
    -         AT=43/4399       stop   | blacklist  43      AT       yes
    -         AT=43,43         stop   | blacklist  43      -        yes
    -         AT=43            mark   | blacklist  43      AT       no
    AT=43     43664            stop   | whitelist  43      AT       no
    43664     AT=43            stop   | whitelist  43664   -        no
    -         DE=49            stop   | none       -       -        no
  `))('white $white, black $black', ({ white = '', black = '', policy, list, prefix, country, stops }) => {
    const lists = new KeptLists([...entriesOf('whitelist', white), ...entriesOf('blacklist', black)]);
    const screened = lists.screen(e164('43664123456'), policy === 'mark' ? 'mark' : 'stop');
    const found = screened.list === 'none' ? { prefix: '', country: undefined } : screened.entry;
    expect([screened.list, found.prefix, found.country ?? '', screened.list !== 'none' && screened.stops]).toEqual([list, prefix, country, stops === 'yes']);
  });
});

describe('hits of the lists', () => {
  const hit = { list: 'blacklist', entry: { prefix: '43', country: 'AT' }, stops: true } as const;
  const toldOf = (event: PublicEvent | undefined) => (event === undefined ? [] : dataOf(NumbersScreenedSchema, {
    ...event, type: event.definition.type, dataBytes: encodeData(event.definition.schema, event.data),
  }).hits.map(({ list, subject, stoppedCount, passedCount, lastHitAtUs }) => `${list} ${subject} ${stoppedCount}/${passedCount} ${lastHitAtUs}`));

  it('are told in sums, once, with the last instant', async () => {
    const hits = new ListHits();
    const told: PublicEvent[] = [];
    const keep = (event: PublicEvent) => {
      told.push(event);
      return Promise.resolve();
    };
    hits.count(hit, instantUs(5));
    hits.count({ ...hit, stops: false }, instantUs(4));
    hits.count({ ...hit, list: 'whitelist', entry: { prefix: '43664' }, stops: false }, instantUs(6));
    await hits.tell(instantUs(10), keep);
    await hits.tell(instantUs(11), keep);
    expect(told.map(toldOf)).toEqual([['blacklist AT 1/1 5', 'whitelist 43664 0/1 6']]);
  });

  it('that could not be kept are told again as the same event, and later ones after it', async () => {
    const hits = new ListHits();
    const told: PublicEvent[] = [];
    let isAway = true;
    const keep = (event: PublicEvent) => {
      told.push(event);
      return isAway ? Promise.reject(new Error('away')) : Promise.resolve();
    };
    hits.count(hit, instantUs(5));
    await expect(hits.tell(instantUs(10), keep)).rejects.toThrow('away');
    isAway = false;
    hits.count(hit, instantUs(7));
    await hits.tell(instantUs(11), keep);
    await hits.tell(instantUs(12), keep);
    expect(told.map(({ id }) => id)[1]).toBe(told[0]?.id);
    expect(told.map(toldOf)).toEqual([['blacklist AT 1/0 5'], ['blacklist AT 1/0 5'], ['blacklist AT 1/0 7']]);
  });
});
