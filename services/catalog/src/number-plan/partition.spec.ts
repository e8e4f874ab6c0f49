import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import type { NumberingArea } from './metadata.ts';
import { partition } from './partition.ts';
import { beginsMatch } from './pattern-prefix.ts';

/** `AT fixed mobile service` with patterns, `-` for none. */
function area(countryCode: string, fixed: string, mobile: string, service: string): NumberingArea {
  const test = (pattern: string) => (pattern === '' ? () => false : beginsMatch(pattern));
  return { countryCode, fixed: test(fixed), mobile: test(mobile), service: test(service), undivided: fixed !== '' && fixed === mobile };
}

function told(...areas: NumberingArea[]): string {
  return [...partition({ code: '42', areas })].map(([prefix, { countryCode, subcode }]) => `${prefix}:${countryCode}${subcode && `/${subcode}`}`).join(' ');
}

describe('a calling code divided', () => {
  it.each(table(`
    fixed        | mobile    | service  | prefixes                           | what
    [1-5]\\d{6}  | 6\\d{6}   | -        | 42:AA 421:AA/FIX 422:AA/FIX 423:AA/FIX 424:AA/FIX 425:AA/FIX 426:AA/MOB | fixed and mobile
    1\\d{6}      | -         | -        | 42:AA/FIX                          | fixed only: the code says it all
    6\\d{6}      | 6\\d{6}   | -        | 42:AA                              | undivided: no prefix can tell
    1\\d{6}      | 6[0-2]\\d{5} | 69\\d{5} | 42:AA 421:AA/FIX 426:AA/MOB 4269:AA | a service within the mobiles
    1\\d{6}      | 12\\d{5}  | -        | 42:AA 4210:AA/FIX 4211:AA/FIX 4213:AA/FIX 4214:AA/FIX 4215:AA/FIX 4216:AA/FIX 4217:AA/FIX 4218:AA/FIX 4219:AA/FIX | mobiles that look fixed, too
  `))('$what', ({ fixed = '', mobile = '', service = '', prefixes }) => {
    expect(told(area('AA', fixed, mobile, service))).toBe(prefixes);
  });

  it('gives an area that shares the code the prefixes that only it has, and the main one the rest', () => {
    const main = area('AA', String.raw`1\d{6}`, String.raw`7\d{6}`, '');
    const island = area('BB', String.raw`14[89]\d{4}`, String.raw`77[78]\d{4}`, '');
    expect(told({ ...main, fixed: beginsMatch(String.raw`1(?:[0-35-9]\d|4[0-7])\d{4}`) }, island))
      .toBe('42:AA 421:AA/FIX 42148:BB/FIX 42149:BB/FIX 427:AA/MOB');
  });

  it('leaves numbers that two areas have alike to the main one', () => {
    expect(told(area('AA', String.raw`1\d{6}`, '', ''), area('BB', String.raw`1\d{6}`, '', ''))).toBe('42:AA/FIX');
  });
});
