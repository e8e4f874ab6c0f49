import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { faultOf, fieldOf, parsed } from './parse.ts';
import { onePayer, partyFields } from './parties.ts';
import { Refused } from './refused.ts';

const schema = z.strictObject({ name: z.string().max(3), inner: z.strictObject({ counts: z.array(z.int().min(0)) }) });

describe('parsing at the rim', () => {
  const refusalOf = (value: unknown) => {
    try {
      parsed(schema, value);
      return undefined;
    } catch (error) {
      return error instanceof Refused ? error.refusal : error;
    }
  };

  it('hands on what fits', () => {
    expect(parsed(schema, { name: 'abc', inner: { counts: [1] } })).toEqual({ name: 'abc', inner: { counts: [1] } });
  });

  it.each([
    [{ inner: { counts: [] } }, 'field_missing', 'name', 'name is missing.'],
    [{ name: 'abcd', inner: { counts: [] } }, 'field_out_of_range', 'name', 'name is not taken: expected string to have <=3 characters.'],
    [{ name: 'abc', inner: { counts: [0, -1] } }, 'field_out_of_range', 'inner.counts[1]', 'inner.counts[1] is not taken: expected number to be >=0.'],
    [{ name: 'abc', inner: { counts: [0, '1'] } }, 'field_malformed', 'inner.counts[1]', 'inner.counts[1] is not taken: expected number, received string.'],
    [{ name: 'abc', inner: { counts: [], deep: 1 } }, 'field_unknown', 'inner.deep', 'The field inner.deep is not known here.'],
    [{ name: null, inner: { counts: [] } }, 'field_malformed', 'name', 'name is not taken: expected string, received null.'],
    [undefined, 'field_missing', '', 'The request is missing.'],
    ['text', 'field_malformed', '', 'The request is not taken: expected object, received string.'],
  ])('of %j says %s %s', (value, code, field, detail) => {
    expect(refusalOf(value)).toEqual({ code, field, detail });
  });

  it('says what goes beside a value that is missing', () => {
    const [issue] = z.object(partyFields).check(onePayer).safeParse({}).error?.issues ?? [];
    const detail = 'cardId is missing: name a cardId or an accountCode.';
    expect(issue && faultOf(issue)).toEqual({ code: 'field_missing', field: 'cardId', detail });
  });

  it('writes paths as one would in a program', () => {
    expect(fieldOf(['events', 2, 'call', { key: 'leg' }])).toBe('events[2].call.leg');
    expect(fieldOf([])).toBe('');
  });
});
