import { describe, expect, it } from '@jest/globals';
import { mappingOf } from './mapping.ts';

describe('the columns of a mapped file', () => {
  it('are read from the options', () => {
    expect(mappingOf(undefined)).toBeUndefined();
    expect(mappingOf(['callId=Call Id', 'startedAt=a=b'], 'tab')).toEqual({ columns: { callId: 'Call Id', startedAt: 'a=b' }, delimiter: '\t' });
    for (const bad of ['price=1', 'callId', 'callId=']) expect(() => mappingOf([bad])).toThrow('FIELD=COLUMN');
  });
});
