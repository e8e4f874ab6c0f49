import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { cdrRows } from '../../services/edge/src/cdr-import/rows.ts';
import { differences, type SideOfCall } from './compare.ts';
import { type Finding, join, noCounts } from './join.ts';
import { findingJson, findingRow, summaryLines } from './lines.ts';
import { reconcile } from './reconcile.ts';
import { partCountFor, Spool } from './spool.ts';

const noonUs = Date.parse('2026-03-01T12:00:00Z') * 1_000;
const at = (sec: number | undefined) => (sec === undefined || Number.isNaN(sec) ? 0 : noonUs + sec * 1_000_000);

/** A call as `start/answer/end/cause` in seconds after noon; `-` for no answer. */
function side(text: string, key = 'sw1/a/0'): SideOfCall {
  const [start, answer, end, cause] = text.split('/');
  return { key, startedAtUs: at(Number(start)), answeredAtUs: answer === '-' ? 0 : at(Number(answer)), endedAtUs: at(Number(end)), q850Cause: Number(cause) };
}

describe('two sides of a call', () => {
  it.each(table(`
    here           there          tolerance | differ
    0/4/64/16      0/4/64/16      0         | -
    0.4/4.2/64.9/16  0/4/64/16    1         | -
    0/4/64/16      0/4/60/16      1         | talkSec:4,endedAt:4
    0/4/64/16      3600/3604/3664/16  1     | startedAt:-3600,answeredAt:-3600,endedAt:-3600
    0/-/20/19      0/-/20/17      1         | q850Cause
    0/4/64/16      0/-/64/16      1         | answered,talkSec:60
    0/-/64/16      0/4/64/16      1         | answered,talkSec:-60
  `))('$here against $there', ({ here = '', there = '', tolerance, differ }) => {
    const found = differences(side(here), side(there), Number(tolerance));
    expect(found.map(({ field, bySec }) => (bySec === undefined ? field : `${field}:${bySec}`)).join()).toBe(differ);
  });
});

/** What a join finds, as `missing_here a`. */
function found(ours: readonly SideOfCall[], theirs: readonly SideOfCall[], partCount: number, untilUs = Infinity): { lines: string[]; counts: ReturnType<typeof noCounts> } {
  const [here, there] = [new Spool(partCount), new Spool(partCount)];
  for (const call of ours) here.add({ ...call, line: 0 });
  for (const [line, call] of theirs.entries()) there.add({ ...call, line: line + 1 });
  const counts = noCounts();
  const lines = [...join(here, there, { toleranceSec: 1, fromUs: 0, untilUs }, counts)].map(({ found: what, call }) => `${what} ${call}`);
  here.remove();
  there.remove();
  return { lines: lines.toSorted(), counts };
}

describe('a join', () => {
  it('finds what is missing on either side, what differs and what a file tells twice', () => {
    const ours = [side('0/4/64/16', 'a'), side('0/4/64/16', 'b'), side('0/4/64/16', 'd'), side('900/-/901/16', 'later')];
    const theirs = [side('0/4/64/16', 'a'), side('0/4/64/16', 'a'), side('0/4/30/16', 'b'), side('0/4/64/16', 'c'), side('0/4/65/17', 'c')];
    const { lines, counts } = found(ours, theirs, 3, at(900));
    expect(lines).toEqual(['different b', 'missing_here c', 'missing_there d', 'told_twice c']);
    expect(counts).toEqual({ matched: 1, missingHere: 1, missingThere: 1, different: 1, toldTwice: 1, talkSecHere: 180, talkSecThere: 146 });
  });

  it('finds the same however many parts it is cut into', () => {
    const calls = fc.uniqueArray(fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), end: fc.integer({ min: 5, max: 9 }) }), { selector: ({ key }) => key });
    fc.assert(fc.property(calls, calls, fc.integer({ min: 2, max: 7 }), (ours, theirs, parts) => {
      const sides = (of: typeof ours) => of.map(({ key, end }) => side(`0/4/${end}/16`, key));
      const [whole, cut] = [found(sides(ours), sides(theirs), 1), found(sides(ours), sides(theirs), parts)];
      expect(cut).toEqual(whole);
      const { matched, different, missingHere, missingThere } = whole.counts;
      expect([matched + different + missingHere, matched + different + missingThere]).toEqual([theirs.length, ours.length]);
    }), { numRuns: 20 });
  });

  it('has parts that fit into memory', () => {
    expect([0, 1, 33_554_433, 1e12].map(partCountFor)).toEqual([1, 1, 2, 256]);
  });
});

describe('a file against our calls', () => {
  const row = (id: string, start: string, end: string) => [
    '"acme","431","442071838750","in","","PJSIP/1-1","PJSIP/NORTH-a","Dial",""', `"2026-03-01 ${start}","2026-03-01 ${start}","2026-03-01 ${end}"`, `60,60,"ANSWERED","DOC","${id}",""`,
  ].join();
  const file = [row('1.1', '12:00:00', '12:01:00'), row('1.2', '12:05:00', '12:06:00'), 'nonsense', row('=1+1', '12:10:00', '12:11:00')].join('\n');
  const header = 'switch,call_id,leg,status,started_at,answered_at,ended_at,q850_cause,cursor\r\n';
  const our = (id: string, status: string, start: string, end: string) => {
    const at = `2026-03-01T${start}.000000Z`;
    return `pbx,${id},0,${status},${at},${at},${end === '' ? '' : `2026-03-01T${end}.250000Z`},16,\r\n`;
  };

  it('is told call by call, with what goes on left out', async () => {
    const asked: string[] = [];
    async function* download(path: string) {
      asked.push(path);
      yield Buffer.from(header + our("'=1+1", 'closed', '12:10:00', '12:11:00') + our('1.1', 'ended', '12:00:00', '12:00:50') + our('9.9', 'closed', '12:02:00', '12:03:00')
        + our('8.8', 'answered', '12:02:00', '') + our('7.7', 'closed', '13:02:00', '13:03:00'));
    }
    const findings: Finding[] = [];
    const rows = () => cdrRows('asterisk_csv', (async function* bytes() {
      yield Buffer.from(file);
    })(), { switchId: 'pbx' });
    const done = await reconcile({ rows, fileBytes: file.length, api: { download }, toleranceSec: 1, aroundSec: 3600 }, (finding) => findings.push(finding));
    expect(asked).toEqual(['/v1/cdrs/export.csv?switchId=pbx&from=2026-03-01T11%3A00%3A00.000000Z&until=2026-03-01T13%3A10%3A00.000001Z']);
    expect(findings.map(findingRow)).toEqual([
      ['different', 'pbx/1.1/0', 'line 1: talkSec -9.75 s; endedAt -9.75 s'],
      ['missing_here', 'pbx/1.2/0', 'line 2, started 2026-03-01T12:05:00.000Z, 60 s of conversation'],
      ['missing_there', 'pbx/9.9/0', 'started 2026-03-01T12:02:00.000Z, 60.25 s of conversation'],
    ]);
    expect(summaryLines(done.counts, done.file, done.openHere)).toEqual([
      'matched 1, missing here 1, missing there 1, different 1, unreadable 1', 'conversation 170.8 s here, 180 s there, -9.2 s more here',
      '1 calls of ours still go on and were not held against the file',
    ]);
    expect(findings.map((finding) => z(findingJson(finding)))).toEqual(['different', 'missing_here', 'missing_there']);
  });
});

function z(line: string): unknown {
  const told: unknown = JSON.parse(line);
  return typeof told === 'object' && told !== null && 'found' in told ? told.found : undefined;
}
