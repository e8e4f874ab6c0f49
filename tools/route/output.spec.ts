import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { root } from '../cli/project.ts';
import { documentedExamples } from '../docs/documented.ts';
import { routedOutput } from './output.ts';

const plain = { json: false };
const document = (change: object = {}, call: object = {}, more: object = {}) =>
  JSON.stringify({
    plans: [{ name: 'p', currency: 'EUR', ...change }], carriers: [{ code: 'A', currency: 'EUR', rates: [{ prefix: '34', rate: '0.10' }] }],
    calls: [{ id: '1', plan: 'p', number: '+34911234567', start: '2026-03-16T12:00:00Z', ...call }], ...more,
  });

describe('docs/ROUTE.md', () => {
  const examples = documentedExamples(readFileSync(join(root, 'docs/ROUTE.md'), 'utf8'));

  it('has examples', () => {
    expect(examples.length).toBeGreaterThanOrEqual(3);
  });

  it('has the first one as a file', () => {
    expect(examples[0]?.document.trimEnd()).toBe(readFileSync(join(root, 'docs/examples/routes.json'), 'utf8').trimEnd());
  });

  it.each(examples)('says what is answered: $answer', async ({ document: text, answer }) => {
    expect(await routedOutput(text, plain)).toEqual({ text: answer, faults: '', exitCode: 0 });
  });
});

describe('./tollwire route FILE', () => {
  it('ends well where a call is refused with a code', async () => {
    const { text, exitCode } = await routedOutput(document({}, { number: '+4930123456' }), plain);
    expect([text.includes('no_route'), exitCode]).toEqual([true, 0]);
  });

  it('writes one JSON object a line', async () => {
    const { text, exitCode } = await routedOutput(document(), { json: true });
    expect(text.trimEnd().split('\n').map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { id: '1', e164: '34911234567', carriers: [{ place: 1, carrier: 'A', price: '0.10', why: 'cheapest', number: '34911234567' }], excluded: [] },
    ]);
    expect(exitCode).toBe(0);
  });

  it('writes faults as one JSON object', async () => {
    const { text, exitCode } = await routedOutput('{', { json: true });
    expect(JSON.parse(text)).toMatchObject({ code: 'request_malformed', faults: [{ path: '$' }] });
    expect(exitCode).toBe(2);
  });

  it.each<[path: string, text: string]>([
    ['$.calls[0]', document({}, { account: 'x' })],
    ['$.calls[0].switch', document({}, { switch: 'nowhere' })],
    ['$.calls[0].attempts[0]', document({}, { attempts: [{ carrier: 'A' }] })],
    ['$.calls[0].attempts[0].carrier', document({}, { attempts: [{ carrier: 'Z', q850: 34 }] })],
    ['$.calls', document({}, {}, { calls: undefined })],
    ['$.calls', document({}, {}, { calls: [] })],
    ['$.plans[0].carriers[0]', document({ carriers: ['Z'] })],
    ['$.plans[0].routing.order', document({ routing: { order: 'quality', delta: '0.1' } })],
    ['$.plans[0].routing.order', document({ routing: { order: 'weights', metrics: { A: 1 } } })],
    ['$.plans[0].routing.order', document({ routing: { seed: 7 } })],
    ['$.plans[0].routing.staticRoutes[0].carriers[0]', document({ routing: { staticRoutes: [{ prefix: '34', carriers: ['Z'] }] } })],
    ['$.plans[0].routing.staticRoutes[0].carriers[1]', document({ routing: { staticRoutes: [{ prefix: '34', carriers: ['A', 'A'] }] } })],
    ['$.plans[0].routing.staticRoutes[1].prefix', document({ routing: { staticRoutes: [{ prefix: '34', carriers: ['A'] }, { prefix: '34', carriers: ['A'], exclusive: true }] } })],
    ['$.plans[0].routing.marginPercentMin', document({ routing: { marginPercentMin: '100.0001' } })],
    ['$.plans[0].routing.deltaPercent', document({ routing: { deltaPercent: '101' } })],
    ['$.plans[0].routing.seed', document({ routing: { order: 'weights', seed: 4_294_967_296 } })],
    ['$.plans[0].routing.metrics.Z', document({ routing: { order: 'priority', metrics: { Z: 1 } } })],
    ['$.plans[0].routing.blacklist[0]', document({ routing: { blacklist: ['ES'] } })],
    ['$.carriers[1].code', document({}, {}, { carriers: [{ code: 'A', currency: 'EUR' }, { code: 'A', currency: 'EUR' }] })],
    ['$.carriers[0].balance', document({}, {}, { carriers: [{ code: 'A', currency: 'EUR', balance: 'much' }] })],
    ['$.accounts[0].plan', document({}, {}, { accounts: [{ account: 'x', plan: 'q' }] })],
    ['$.plans[0].routings', document({ routings: {} })],
  ])('tells a fault by its path %s', async (path, text) => {
    const { faults, exitCode } = await routedOutput(text, plain);
    expect([faults.split('\n')[1]?.trim().split(' ')[0], exitCode]).toEqual([path, 2]);
  });

  it('says what to put where no call is, and what a value should be', async () => {
    const faults = async (more: object) => (await routedOutput(document({}, {}, more), plain)).faults.split('\n').slice(1, -1).map((line) => line.trim());
    const calls = 'put there the calls to route, each with id, plan or account, number and start';
    expect(await faults({ calls: undefined })).toEqual([`$.calls  is missing: ${calls}`]);
    expect(await faults({ calls: [] })).toEqual([`$.calls  must have at least one: ${calls}`]);
    expect(await faults({ calls: 'all' })).toEqual(['$.calls  must be a list']);
    expect(await faults({ carriers: [{ code: 'A', currency: 'EUR', codecs: [] }], plans: undefined })).toEqual(['$.plans  is missing', '$.carriers[0].codecs  must have at least one']);
  });

  it.each(table(`
    what              code               field
    an unknown plan   unknown_plan       plan
    an unknown party  unknown_account    account
    a plan too early  plan_not_in_force  start
    a plan too late   plan_not_in_force  start
    no number         number_malformed   number
    no ported number  number_malformed   routingNumber
  `))('refuses $what with $code', async ({ what, code, field }) => {
    const written: Record<string, string> = {
      'an unknown plan': document({}, { plan: 'q' }),
      'an unknown party': document({}, { plan: undefined, account: 'x' }),
      'a plan too early': document({ validFrom: '2026-03-16T12:00:00.000001' }),
      'a plan too late': document({ validUntil: '2026-03-16T12:00:00' }),
      'no number': document({}, { number: '' }),
      'no ported number': document({}, { routingNumber: 'x' }),
    };
    const { text } = await routedOutput(written[what ?? ''] ?? '', { json: true });
    expect(JSON.parse(text)).toMatchObject({ refusal: { code, field: `$.calls[0].${field}` }, carriers: [] });
  });
});
