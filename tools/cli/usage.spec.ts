import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { outcomeOf } from '../client/command.fixture.ts';
import { commandGroups, loadCommand } from './command.ts';
import { Misuse } from './stop.ts';
import { refuseOptionsOfOthers, usageOf } from './usage.ts';

const help = `
./tollwire tool list|history [WHOSE] [--past] [--json]
./tollwire tool set NAME [TERMS | --none]
                         [--role admin|switch]
./tollwire tool rules [FILTERS]   those there are; ./tollwire tool retire ID takes one out
./tollwire tool on ID | off ID [--json]
./tollwire tool NUMBER [--at INSTANT]

FILTERS: [--from INSTANT] [--number NUMBER]
         [--prefix DIGITS]

Newest first; --from is an instant, and --loud is told of nowhere else.

  WHOSE      --card ID, or
             --account CODE
  --past     what was

TERMS are set as a whole:

  --order ORDER, --weight N   which goes first

What is in use stays; see ./tollwire tool list --past.
`;

describe('the usage of a command', () => {
  it.each(table(`
    verb    | options
    list    | past json card account
    history | past json card account
    set     | none role order weight
    rules   | from number prefix
    retire  | -
    on      | json
    off     | json
    -       | at
  `))('says what "$verb" takes: $options', ({ verb = '', options = '' }) => {
    expect([...(usageOf('tool', help).get(verb) ?? [])].join(' ')).toBe(options);
  });

  it.each(table(`
    line                        | refused
    list --past --account A     | -
    list --order least          | order
    --order least list          | order
    --past list                 | -
    set A --order least         | -
    set A --past                | past
    rules --weight=2            | weight
    retire 7 --json             | json
    off 7 --json                | -
    +43 --at now                | -
    +43 --past                  | past
    list --loud                 | -
    list --unheard-of           | -
  `))('refuses what only others take: $line', ({ line = '', refused = '' }) => {
    const read = () => refuseOptionsOfOthers('tool', help, line.split(' '));
    if (refused === '') expect(read).not.toThrow();
    else expect(read).toThrow(`takes no --${refused}, which is for ./tollwire tool`);
  });

  it('tells whose the option is, and what may be said instead', () => {
    expect(() => refuseOptionsOfOthers('tool', help, ['history', '--weight', '2'])).toThrow(
      new Misuse('./tollwire tool history takes no --weight, which is for ./tollwire tool set. It takes --past, --json, --card, --account; --help says what they do.'),
    );
    expect(() => refuseOptionsOfOthers('tool', help, ['retire', '--none'])).toThrow('./tollwire tool set. It takes none;');
  });
});

describe('an option that belongs to another verb', () => {
  it.each(table(`
    line                            | whose
    policy list --plan 99           | ./tollwire policy set
    policy list --order quality     | ./tollwire policy set
    cdr search --call 42            | ./tollwire cdr unmaskings
    card list --type 99             | ./tollwire card make, ./tollwire card policy
    plan list ban --name foo        | ./tollwire plan rename, ./tollwire plan create
    key list --role switch          | ./tollwire key issue
    carrier list --concurrent 5     | ./tollwire carrier limits
    account proposals --account A   | ./tollwire account show
    call explain s/1 --card 1       | ./tollwire call, ./tollwire call refused
    import deck a.csv --switch s1   | ./tollwire import cdr
  `))('is refused before anybody is asked: $line', async ({ line = '', whose = '' }) => {
    const option = line.split(' ').find((word) => word.startsWith('--'));
    expect(await outcomeOf(line.split(' '))).toMatchObject({ asked: [], exitCode: 2, stopped: expect.stringContaining(`takes no ${option}, which is for ${whose}`) });
  });
});

describe('the usage lines of a command', () => {
  it.each(commandGroups().flatMap(({ names }) => names).map((name) => [name]))('name no option that %s does not know', async (name) => {
    const command = await loadCommand(name);
    for (const [verb, options] of usageOf(name, command.help)) {
      for (const option of options) {
        // What there is not ends the command before it does anything. Where the option takes a value, the first is that value.
        const line = [...(verb === '' ? [] : [verb]), `--${option}`, '--there-is-not', '--there-is-not'];
        await expect(command.run(line)).rejects.toThrow('There is no option --there-is-not');
      }
    }
  });
});
