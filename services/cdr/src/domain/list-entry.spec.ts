import { describe, it } from '@jest/globals';
import { instantUs } from '@tollwire/core';
import { given } from '@tollwire/testing';
import { listEntry, type ListEntryCommand, type ListEntryEvent } from './list-entry.ts';

const said = { by: 'operator:ann', at: instantUs(5) } as const;
const later = { by: 'operator:bob', at: instantUs(9) } as const;
const about = { list: 'blacklist', subject: { kind: 'country', value: 'AT' } } as const;
const list: ListEntryCommand = { type: 'List', ...about, prefixes: ['43'], reason: 'fraud', ...said };
const listed: ListEntryEvent = { type: 'NumberListed', ...about, prefixes: ['43'], reason: 'fraud', ...said };
const delisted: ListEntryEvent = { type: 'NumberDelisted', ...about, ...later };

describe('an entry of a list', () => {
  it('is put on with who and when', () => given(listEntry, []).when(list).then([listed]));
  it('stays as it was put on when that is said again', () => given(listEntry, [listed]).when({ ...list, reason: 'other', ...later }).then([]));
  it('is taken off, once', () => {
    given(listEntry, [listed]).when({ type: 'Delist', ...later }).then([delisted]);
    given(listEntry, [listed, delisted]).when({ type: 'Delist', ...later }).then([]);
  });
  it('that never was cannot be taken off', () => given(listEntry, []).when({ type: 'Delist', ...later }).then({ code: 'unknown_list_entry' }));
  it('is put on again', () => given(listEntry, [listed, delisted]).when(list).then([listed]));

  it('for a country follows its prefixes, as long as it is on the list', () => {
    const renew: ListEntryCommand = { type: 'Renew', prefixes: ['43', '4399'], ...later };
    given(listEntry, [listed]).when(renew).then([{ type: 'CountryRenumbered', ...about, prefixes: ['43', '4399'], reason: 'fraud', ...later }]);
    given(listEntry, [listed]).when({ ...renew, prefixes: ['43'] }).then([]);
    given(listEntry, [listed, delisted]).when(renew).then([]);
    given(listEntry, []).when(renew).then([]);
  });
});
