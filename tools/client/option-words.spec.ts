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
});
