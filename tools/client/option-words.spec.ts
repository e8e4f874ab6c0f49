import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { refusals } from '@tollwire/contracts';
import { root } from '../cli/project.ts';
import { outcomeOf } from './command.fixture.ts';
import { inOptions, reliedOn, withNextStep } from './option-words.ts';

const said = ['catalog/src/import/deck-columns.ts', 'catalog/src/import/row-errors.ts', 'card/src/pins/make-pins.ts', 'edge/src/cdr-import/asterisk-csv.ts', 'rating/src/answers/rating-answers.ts']
  .map((file) => readFileSync(join(root, 'services', file), 'utf8')).join('\n');

describe('the words of the API on the command line', () => {
  it.each(reliedOn.texts)('are said by a service, and told as an option: %s', (text) => {
    expect(said).toContain(text);
    expect(inOptions(`Why. ${text}.`)).toMatch(/^Why\. [^.]*(--|rated once)[^.]*\.$/);
  });

  it('end with the next step of refusals that there are', async () => {
    expect(Object.keys(refusals)).toEqual(expect.arrayContaining([...reliedOn.codes]));
    const refusal = (code: string, title: string) => [{ status: 403, body: JSON.stringify({ code, title }) }];
    expect(await outcomeOf(['account', 'approve', 'x1'], refusal('own_proposal', 'Who proposed a credit may not approve it'))).toMatchObject({
      exitCode: 1, stopped: 'Who proposed a credit may not approve it. Somebody else approves it, with a key of their own in TOLLWIRE_API_KEY (./tollwire --help). [own_proposal]',
    });
    expect(await outcomeOf(['card', 'make', 'b', '--type', '99', '--quantity', '1'], refusal('unknown_card_type', 'There is no such card type'))).toMatchObject({
      stopped: expect.stringContaining('./tollwire cardtype create'),
    });
    expect(withNextStep('There is no such call.', 'unknown_call')).toMatch(/^There is no such call\. \.\/tollwire cdr search /);
    expect(withNextStep('The deck has no row.', 'deck_empty')).toBe('The deck has no row.');
  });

  const missing = 'A required field is missing';
  it.each<[line: string, refusal: { code: string; title: string; detail?: string; field: string }, told: string]>([
    ['plan create ban --name test', { code: 'field_missing', title: missing, detail: 'prefixes is missing.', field: 'prefixes' }, `${missing}: --prefixes is missing. [field_missing]`],
    ['cdr search --prefix 43', { code: 'field_missing', title: missing, field: 'reveal.reason' }, `${missing} (--reason) [field_missing]`],
    ['cdr search --card 7', { code: 'field_malformed', title: 'A field is malformed', detail: 'cardId must be digits.', field: 'cardId' },
      'A field is malformed: --card must be digits. [field_malformed]'],
    ['limits list', { code: 'field_missing', title: missing, detail: 'Give name.', field: 'name' }, `${missing}: Give name (field name). [field_missing]`],
    ['deck list --kind tariff --owner 9', { code: 'unknown_plan', title: 'There is no such plan', detail: 'There is no tariff plan 9; create it first.', field: 'ownerId' },
      'There is no such plan: There is no tariff plan 9; create it first (--owner). ./tollwire plan list tariff (or retail, carrier, ban, voip) shows those that there are; '
      + './tollwire plan --help says how one is created. [unknown_plan]'],
  ])('name the field at fault as the command line does: %s', async (line, refusal, told) => {
    expect(await outcomeOf(line.split(' '), [{ status: 400, body: JSON.stringify(refusal) }])).toMatchObject({ exitCode: 1, stopped: told });
  });
});
