import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { createLogger } from './logger.ts';

describe('logger', () => {
  it('masks card ids, PINs, keys and numbers at every depth that our objects have', () => {
    const lines: string[] = [];
    const logger = createLogger('card', 'info');
    const stream = { write: (line: string) => lines.push(line) };
    const copy = logger.child({}, {});
    Reflect.set(copy, pino.symbols.streamSym, stream);
    copy.info({ cardId: '0001', call: { cli: '4366', charged: { pin: '9', card_id: '7' } }, apiKey: 'k' }, 'refused');
    const line = lines.join('');
    expect(line).toContain('"msg":"refused"');
    for (const secret of ['0001', '4366', '"9"', '"7"', '"k"']) expect(line).not.toContain(secret);
  });
});
