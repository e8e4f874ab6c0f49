import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '../cli/project.ts';
import { documentedExamples } from '../docs/documented.ts';
import { pricedOutput } from './output.ts';

const plain = { explain: false, json: false };
const document = (call: object, rate: object = { prefix: '34', rate: '0.10', increments: '30/6' }) =>
  JSON.stringify({ plans: [{ name: 'p', currency: 'EUR', rates: [rate] }], calls: [{ id: '1', plan: 'p', number: '+34911234567', start: '2026-03-16T12:00:00Z', ...call }] });

describe('docs/PRICE.md', () => {
  const examples = documentedExamples(readFileSync(join(root, 'docs/PRICE.md'), 'utf8'));

  it('has examples', () => {
    expect(examples.length).toBeGreaterThanOrEqual(4);
  });

  it('has the first one as a file', () => {
    expect(examples[0]?.document.trimEnd()).toBe(readFileSync(join(root, 'docs/examples/tariff.json'), 'utf8').trimEnd());
  });

  it.each(examples)('says what is answered: $answer', async ({ document: text, explain, answer }) => {
    expect(await pricedOutput(text, { explain, json: false })).toEqual({ text: answer, faults: '', exitCode: 0 });
  });
});

describe('./tollwire price', () => {
  it('ends well where a call is refused with a code', async () => {
    const { text, exitCode } = await pricedOutput(document({ number: '+4930123456', durationSec: 1 }), plain);
    expect([text.includes('no_sell_rate'), exitCode]).toEqual([true, 0]);
  });

  it('ends with 2 where the document is malformed, and tells every fault with its path', async () => {
    const told = await pricedOutput(document({ durationSec: -1 }, { prefix: 'x', rate: '1' }), plain);
    expect(told).toMatchObject({ text: '', exitCode: 2 });
    expect(told.faults).toMatch(/\$\.plans\[0\]\.rates\[0\]\.prefix .*\n.*\$\.calls\[0\]\.durationSec /);
  });

  it('writes one JSON object a line', async () => {
    const { text, exitCode } = await pricedOutput(document({ durationSec: 31 }), { explain: false, json: true });
    expect(text.trimEnd().split('\n').map((line) => JSON.parse(line) as unknown)).toMatchObject([
      {
        id: '1', amount: '0.06', net: '0.06', tax: '0.00', currency: 'EUR', billedSec: 36, prefix: '34', rate: '0.10', perSec: 60,
        derivation: [{ kind: 'duration' }, { kind: 'rate', exact: '0.05' }, { kind: 'rate', exact: '0.01' }, { kind: 'rounding', amount: '0.06' }],
      },
    ]);
    expect(exitCode).toBe(0);
  });

  it('writes faults as one JSON object', async () => {
    const { text, exitCode } = await pricedOutput('{', { explain: false, json: true });
    expect(JSON.parse(text)).toMatchObject({ code: 'request_malformed', faults: [{ path: '$' }] });
    expect(exitCode).toBe(2);
  });
});
