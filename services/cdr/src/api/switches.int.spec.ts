import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SetRemovedPrefixesRequestSchema, SetSwitchRequestSchema } from '@tollwire/contracts';
import { runReaction } from '@tollwire/event-store';
import { track } from '../reactions/call-reactions.ts';
import { type CdrBed, cdrBed } from '../spec-bed.ts';
import { callStarted } from '../spec-events.ts';
import { cdrAnswers } from './cdr-answers.ts';

let bed: CdrBed;
const context = { method: 'spec', correlationId: 'spec' };

beforeAll(async () => void (bed = await cdrBed()));
beforeEach(() => bed.empty());
afterAll(() => bed.close());

const set = (request: MessageInitShape<typeof SetSwitchRequestSchema>) =>
  cdrAnswers(bed.deps).setSwitch(create(SetSwitchRequestSchema, { by: 'operator:ann', ...request }), context);
const calls = async () => (await bed.database.query<{ uniqueid: string }>('SELECT uniqueid FROM call ORDER BY uniqueid')).map(({ uniqueid }) => uniqueid);

const prefixes = (...all: { prefix: string; label: string }[]) => cdrAnswers(bed.deps).setRemovedPrefixes(create(SetRemovedPrefixesRequestSchema, { prefixes: all }), context);

describe('what is taken off numbers', () => {
  it('is set as a whole, and told with the switches', async () => {
    await prefixes({ prefix: '9#', label: 'trunk' }, { prefix: '00000', label: 'old' });
    expect(await prefixes({ prefix: '9#', label: 'trunk A' }, { prefix: '*31', label: 'withheld' })).toMatchObject({ value: { prefixes: [{ prefix: '*31' }, { prefix: '9#', label: 'trunk A' }] } });
    const listed = await cdrAnswers(bed.deps).listSwitches({ $typeName: 'tollwire.common.v1.Empty' }, context);
    expect(listed).toMatchObject({ value: { removedPrefixes: [{ prefix: '*31', label: 'withheld' }, { prefix: '9#', label: 'trunk A' }] } });
    expect(await prefixes({ prefix: 'abc', label: 'x' })).toMatchObject({ refusal: { code: 'field_malformed', field: 'prefixes[0].prefix' } });
    expect(await prefixes({ prefix: '9', label: '' })).toMatchObject({ refusal: { field: 'prefixes[0].label' } });
    expect(await prefixes({ prefix: '9', label: 'a' }, { prefix: '9', label: 'b' })).toMatchObject({ refusal: { field: 'prefixes[1].prefix' } });
    expect(await prefixes()).toMatchObject({ value: { prefixes: [] } });
  });
});

describe('a switch', () => {
  it('is registered with its clock, and set anew as a whole', async () => {
    const clock = { name: 'set-1', zone: 'Europe/Vienna', skewMs: -1_500, ipAddress: '192.0.2.9' };
    expect(await set(clock)).toMatchObject({ value: clock });
    expect(await set({ name: 'set-1' })).toMatchObject({ value: { zone: '', skewMs: 0, ipAddress: '', setBy: 'operator:ann' } });
    const listed = await cdrAnswers(bed.deps).listSwitches({ $typeName: 'tollwire.common.v1.Empty' }, context);
    expect(listed.ok && listed.value.switches?.filter(({ name }) => name === 'set-1')).toHaveLength(1);
  });

  it.each([
    [{ name: '' }, 'field_missing', 'name'],
    [{ name: 'a\0' }, 'field_malformed', 'name'],
    [{ name: 'x'.repeat(65) }, 'field_malformed', 'name'],
    [{ name: 'a', zone: 'Europe/Atlantis' }, 'field_malformed', 'zone'],
    [{ name: 'a', ipAddress: '1.2.3' }, 'field_malformed', 'ipAddress'],
    [{ name: 'a', skewMs: 90_000_000 }, 'field_out_of_range', 'skewMs'],
  ])('is refused where %j is none', async (request, code, field) => {
    expect(await set(request)).toMatchObject({ refusal: { code, field } });
  });

  it('is registered when it is seen first, or its events are parked until it is, by setting', async () => {
    const strict = { ...bed.instance(), refusesUnknownSwitches: true };
    const told = [callStarted({ callId: 'a', switchId: 'strange-1' }), callStarted({ callId: 'b', switchId: 'set-2' })];
    await set({ name: 'set-2' });
    expect(await runReaction(bed.database, track(strict), told)).toMatchObject({ handled: 1, parked: 1 });
    expect(await calls()).toEqual(['b']);
    expect(await bed.database.query('SELECT code, detail FROM dead_letter')).toEqual([{ code: 'unknown_switch', detail: 'field: call.switchId, value: strange-1' }]);
    await set({ name: 'strange-1' });
    expect(await runReaction(bed.database, track(strict), [callStarted({ callId: 'c', switchId: 'strange-1' })])).toMatchObject({ handled: 1 });
    expect(await runReaction(bed.database, track(bed.instance()), [callStarted({ callId: 'd', switchId: 'strange-2' })])).toMatchObject({ handled: 1 });
    expect(await calls()).toEqual(['b', 'c', 'd']);
  });
});
