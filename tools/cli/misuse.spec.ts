import { describe, expect, it } from '@jest/globals';
import { outcomeOf } from '../client/command.fixture.ts';
import { commandGroups } from './command.ts';

const words = (line: string) => line.split(' ');

describe('a command line that says too little', () => {
  it.each([
    'call', 'quote', 'price', 'route', 'policy', 'rerate', 'import', 'deck', 'plan', 'exchange-rate', 'card', 'cardtype', 'reseller', 'key', 'account', 'voucher', 'limits',
    'allowance', 'cdr', 'alarm', 'carrier', 'carrier rates', 'carrier withdraw NORTH',
    'numbers', 'list', 'fraud', 'reconcile', 'dead-letters redrive', 'deck list', 'account show', 'list add', 'cdr erase', 'alarm reports', 'card make',
    'cardtype create', 'reseller register', 'key issue', 'key revoke', 'import cdr a.csv', 'voucher make',
  ])('ends with 2, and asks nobody: %s', async (line) => {
    expect(await outcomeOf(words(line))).toMatchObject({ asked: [], exitCode: 2 });
  });

  it('is told of by an example of what it began', async () => {
    expect(await outcomeOf(words('import deck'))).toMatchObject({ exitCode: 2, stopped: 'Say which file, and whose rates it has: ./tollwire import deck rates.csv --plan carrier:1' });
  });
});

describe('a word too many', () => {
  const lines = [
    'import deck a.csv --plan carrier:1 08:00-20:00', 'import cdr a.csv --format asterisk_csv b.csv', 'cdr export X', 'cdr unmaskings --by admin:ann 1', 'deck list --kind carrier --owner 1 X',
    'numbers read 43 --switch s 1', 'list show blacklist 43 44', 'fraud cases 3', 'fraud ranges import a.csv b.csv', 'call explain s/1 2', 'card show 1 2', 'account show --account A B',
    'policy list 1', 'limits list 1', 'plan list tariff 1', 'exchange-rate list EUR USD 1', 'voucher show b 1', 'voucher list 1', 'allowance list 1', 'alarm list 1', 'carrier list 1',
    'reconcile a.csv b.csv', 'carrier withdraw NORTH 43',
    'dead-letters card 1', 'quote 43 44', 'price a b', 'route 43 44', 'report X', 'rerate X', 'seed X', 'status X', 'logs a b', 'demo X', 'simulate X', 'up X', 'down X', 'bench X',
    'env X', 'switch set a b', 'cardtype list 1', 'reseller list 1', 'key list 1',
  ];

  it.each(lines)('is refused before anything is done: %s', async (line) => {
    expect(await outcomeOf(words(line))).toMatchObject({ asked: [], exitCode: 2, stopped: expect.stringContaining('is one word too many') });
  });

  it('is tried of every command that does not take any number of them', () => {
    const tried = new Set(lines.map((line) => words(line)[0]));
    expect(commandGroups().flatMap(({ names }) => names).filter((name) => !tried.has(name))).toEqual(['test', 'build', 'check']);
  });
});
