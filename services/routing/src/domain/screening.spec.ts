import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { e164 } from './route.fixture.ts';
import { Screening } from './screening.ts';

const listed = (text: string) => text.split(',').filter((prefix) => prefix !== '').map((prefix) => ({ prefix }));

describe('the lists of an account', () => {
  it.each(table(`
    white  black     blacklisted  | list       prefix  stops
    346    34        stop         | whitelist  346     no
    -      34        stop         | blacklist  34      yes
    -      34        mark         | blacklist  34      no
    -      34,3465   stop         | blacklist  3465    yes
    34     34650     stop         | whitelist  34      no
    -      44        stop         | none       -       no
  `))('white $white, black $black: $list', ({ white = '', black = '', blacklisted, list, prefix = '', stops }) => {
    const screening = new Screening({ white: listed(white), black: listed(black), blacklisted: blacklisted === 'mark' ? 'mark' : 'stop' });
    const screened = screening.screen(e164('34650123456'));
    expect([screened.list, screened.list === 'none' ? '' : screened.entry.prefix, screened.list !== 'none' && screened.stops]).toEqual([list, prefix, stops === 'yes']);
  });
});
