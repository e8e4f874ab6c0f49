import { describe, expect, it } from '@jest/globals';
import { formatNanos } from '@tollwire/telecom';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { type FileFormat, type FileProgress, readPiece } from './deck-file.ts';

const unread: FileFormat = { columns: [], delimiter: null, places: null };
const start = (format: Partial<FileFormat> = {}): FileProgress => ({ format: { ...unread, ...format }, rest: Buffer.alloc(0), nextLine: 1 });
const isKnown = (prefix: string) => !prefix.startsWith('9');

/** The rates and errors of a file that comes in pieces: `36=0.09 2:unknown_prefix`, or the refusal of the whole. */
function read(pieces: readonly (string | Buffer)[], format: Partial<FileFormat> = {}): string {
  const told: string[] = [];
  let progress = start(format);
  for (const [index, piece] of pieces.entries()) {
    const answer = readPiece(progress, Buffer.from(piece), index === pieces.length - 1, isKnown);
    if (!answer.ok) return answer.refusal.code;
    const { rates, errors } = answer.value;
    for (let at = 0; at < rates.size; at += 1) told.push(`${rates.rateAt(at).prefix}=${formatNanos(rates.rateAt(at).ratePerMinNanos)}`);
    told.push(...errors.map(({ line, code }) => `${line}:${code}`));
    progress = answer.value.progress;
  }
  return told.join(' ');
}

describe('the file of a deck', () => {
  it.each(table(`
    file                                  | is read as             | what
    36,0.09/40,0.08                       | 36=0.09 40=0.08        | without a header
    prefix,rate/36,0.09                   | 36=0.09                | with one
    rate;prefix/0.09;36                   | 36=0.09                | in another order
    Dial Code;Price/36;0,09               | 36=0.09                | with a decimal comma
    prefix,rate,rate/36,1,2               | deck_malformed         | with two rates
    country,code/HU,36                    | deck_malformed         | without a rate
    +36,0.09/40,1                         | 40=1.00 1:prefix_malformed | with a bad first row
    99,0.09/36,x/40,1                     | 40=1.00 1:unknown_prefix 2:rate_malformed | with bad rows
    prefix,rate                           | -                      | with a header and nothing else
    -                                     | -                      | that is empty
  `))('$what', ({ file = '', 'is read as': expected }) => {
    expect(read([file.replaceAll('/', '\n')])).toBe(expected);
  });

  it('may begin with a byte order mark', () => {
    expect(read(['\ufeffprefix,rate\n36,0.09'])).toBe('36=0.09');
    expect(read(['\ufeff36,0.09'])).toBe('36=0.09');
  });

  it('has the columns that were named, whether it has a header of its own or not', () => {
    const columns = ['', 'rate', 'prefix'];
    expect(read(['HU,0.09,36\nRO,0.08,40'], { columns })).toBe('36=0.09 40=0.08');
    expect(read(['name,price,code\nHU,0.09,36'], { columns })).toBe('36=0.09');
  });

  it('has the delimiter that was given', () => {
    expect(read(['36;0,09'], { delimiter: ',' })).toBe('1:prefix_malformed');
    expect(read(['36;0,09'], { delimiter: ';' })).toBe('36=0.09');
  });

  it('is read the same in whatever pieces it comes, characters torn apart or not', () => {
    const bytes = Buffer.from('name;code;price\nRumänien;40;0,08\n"Öster;reich";43;0,01\nx;99;1\nMagyarország;36;0,09');
    const whole = read([bytes]).split(' ').sort();
    fc.assert(
      fc.property(fc.array(fc.nat({ max: bytes.length }), { maxLength: 8 }), (cuts) => {
        const bounds = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
        const pieces = bounds.slice(1).map((end, index) => bytes.subarray(bounds[index], end));
        expect(read(pieces).split(' ').sort()).toEqual(whole);
      }),
    );
  });

  it('is refused when a line has no end', () => {
    expect(read(['36,'.padEnd(70_000, '1'), '\n'])).toBe('deck_malformed');
  });

  it('keeps of a bad cell what can be stored, and not more than a glance', () => {
    const answer = readPiece(start(), Buffer.from(`36,\u0000${'x'.repeat(500)}`), true, isKnown);
    expect(answer.ok && answer.value.errors[0]?.value).toBe('x'.repeat(99));
  });

  it('counts rows without the header, and goes on with lines where it stopped', () => {
    const first = readPiece(start(), Buffer.from('prefix,rate\n36,1\n40,'), false, isKnown);
    if (!first.ok) throw new Error(first.refusal.code);
    expect(first.value).toMatchObject({ rowCount: 1, progress: { nextLine: 3, format: { delimiter: ',', places: { prefix: 0, rate: 1 } } } });
    expect(first.value.progress.rest.toString()).toBe('40,');
    const second = readPiece(first.value.progress, Buffer.from('x'), true, isKnown);
    expect(second.ok && second.value.errors).toEqual([{ line: 3, column: 'rate', code: 'rate_malformed', value: 'x' }]);
  });
});
