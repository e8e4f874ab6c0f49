import { describe, expect, it } from '@jest/globals';
import { entriesInFile } from './file.ts';
import { changeLines, entryLine, noticeLine } from './lines.ts';
import { entriesOf, listNamed, listQuery, noticeBody } from './options.ts';

describe('the options of lists', () => {
  it('are the entries that the door takes', () => {
    expect(entriesOf(['+43 664', 'at'], 'Wangiri')).toEqual([{ prefix: '43664', reason: 'Wangiri' }, { country: 'AT', reason: 'Wangiri' }]);
    expect(listQuery('at', { removed: true, from: '2026-01-01T00:00:00Z' }).toString()).toBe('pageSize=1000&entry=AT&removed=true&from=2026-01-01T00%3A00%3A00Z');
    expect(() => entriesOf([])).toThrow('Name a prefix');
    expect(() => listNamed('greylist')).toThrow('blacklist or whitelist');
  });

  it('are who is told of a list', () => {
    expect(noticeBody({ email: 'a@b.example', 'throttle-sec': '60' })).toEqual({ email: 'a@b.example', throttleSec: 60 });
    expect(() => noticeBody({ webhook: 'https://x.example' })).toThrow('--secret');
    expect(() => noticeBody({ email: 'a@b.example', 'throttle-sec': 'ten' })).toThrow('not "ten"');
    const told = { list: 'blacklist', email: 'a@b.example', webhookUrl: 'https://x.example', throttleSec: 600, by: 'operator:ann' };
    expect(noticeLine({ ...told, lastToldAt: '2026-03-01T12:00:00.000000Z' })).toBe('blacklist: a@b.example and https://x.example, once in 600 s, set by operator:ann, told last 2026-03-01T12:00:00Z');
    expect(noticeLine({ ...told, email: '', webhookUrl: '' })).toBe('blacklist: nobody is told');
  });

  it('are read from a file, line by line', () => {
    expect(entriesInFile('\u{feff}prefix,reason\r\n881,"satellite, dear"\r\n# old\n\nSO\n', 'import')).toEqual({
      entries: [{ prefix: '881', reason: 'satellite, dear' }, { country: 'SO', reason: 'import' }], lines: [2, 5],
    });
    expect(() => entriesInFile('881\n,why')).toThrow('Line 2 names no prefix');
    expect(() => entriesInFile('# old\n881\n\nAUSTRIA\n0043\n')).toThrow('Line 4 has "AUSTRIA", which is no country');
    expect(() => entriesInFile('# old\n881\n\nAUSTRIA\n0043\n')).toThrow(/\nLine 5 has "0043", which is no prefix[^\n]*\nNothing was sent\.$/);
    expect(() => entriesInFile(`881,${'x'.repeat(201)}`)).toThrow('Line 1 has a reason of 201 characters');
  });
});

describe('a line', () => {
  const entry = { country: 'AT', prefixCount: 3, reason: 'fraud', listed: false, listedAt: '2026-03-01T12:00:00.000000Z', listedBy: 'operator:ann',
    delistedAt: '2026-03-02T12:00:00.000000Z', delistedBy: 'operator:bob', stoppedCount: 2, passedCount: 1, lastHitAt: '2026-03-01T13:00:00.000000Z' };

  it('says what is on the list, and what calls met it', () => {
    expect(entryLine(entry)).toBe(
      'AT (3 prefixes)  since 2026-03-01T12:00:00Z by operator:ann, taken off 2026-03-02T12:00:00Z by operator:bob  stopped 2, passed 1, last 2026-03-01T13:00:00Z  fraud',
    );
    expect(entryLine({ prefix: '43', prefixCount: 1, reason: '', listed: true, listedAt: entry.listedAt, listedBy: 'ann', delistedBy: '', stoppedCount: 0, passedCount: 0 })).toContain('43  since');
  });

  it('says what a change came to', () => {
    const refused = [{ index: 1, refusal: { code: 'unknown_country', detail: '' } }];
    const lines = changeLines({ changedCount: 1, unchangedCount: 2, refused }, [{ prefix: '1' }, { country: 'XX' }], [2, 7]);
    expect(lines).toEqual(['line 7: XX: unknown_country', '1 changed, 2 were so before, 1 refused']);
  });
});
