import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { argumentsOf } from './arguments.ts';
import { nearest } from './nearest.ts';
import { Misuse } from './stop.ts';

const options = { 'duration': { type: 'string' }, 'json': { type: 'boolean', short: 'j' } } as const;
const words = { 'show': 1, 'ranges': 0, 'ranges add': Infinity, '*': 0 };
const read = (line: string) => () => argumentsOf(line.split(' ').filter(Boolean), options, words);

describe('a command line', () => {
  it.each(table(`
    line            | words            | stray
    show 1 --json   | show 1           | -
    show 1 2        | -                | 2
    ranges          | ranges           | -
    ranges what     | -                | what
    ranges add 1 2  | ranges add 1 2   | -
    +43 --json      | +43              | -
    +43 5           | -                | 5
  `))('"$line" has no word that nobody looks at', ({ line = '', words: taken = '', stray = '' }) => {
    if (stray === '') expect(read(line)().positionals.join(' ')).toBe(taken);
    else expect(read(line)).toThrow(`"${stray}" is one word too many`);
  });

  it('takes no word at all where none is said, and leaves what begins otherwise to the command', () => {
    expect(() => argumentsOf(['x'], options)).toThrow('"x" is one word too many');
    expect(argumentsOf(['what', 'ever'], options, { show: 0 }).positionals).toEqual(['what', 'ever']);
  });

  it('that cannot be read is told of in its own words, with exit code 2', () => {
    expect(read('show --duraton 5')).toThrow('There is no option --duraton: did you mean --duration? There are --duration, --json; --help says what they do.');
    expect(read('show -x')).toThrow('There is no option -x. There are');
    expect(read('show --duration')).toThrow("argument missing; --help shows how.");
    expect(read('show --json=1')).toThrow('does not take an argument');
    expect(read('show --duration -5.00')).toThrow('--duration wants a value, and -5.00 looks like an option. A value that begins with a dash is given behind an equals sign: --duration=-5.00');
    expect(read('show --duration=-5.00')().values.duration).toBe('-5.00');
    expect(read('show --duraton 5')).toThrow(Misuse);
    expect(new Misuse('x').exitCode).toBe(2);
  });
});

describe('the nearest word', () => {
  it.each(table(`
    said   | meant
    rout   | route
    rotue  | route
    crad   | card
    card   | card
    xyz    | -
  `))('to $said', ({ said = '', meant }) => {
    expect(nearest(said, ['route', 'card', 'report'])).toBe(meant === '' ? undefined : meant);
  });
});
