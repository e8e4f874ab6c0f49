import { describe, expect, it } from '@jest/globals';
import { listSwitches, setRemoved, setSwitch } from './switches.ts';

type Parses = { parse(value: unknown): unknown };
const pbx = { id: 7, name: 'pbx', zone: 'Europe/Vienna', skewMs: 1500, setBy: 'operator:ann' };

describe('./tollwire switch', () => {
  it('lists switches with their clocks', async () => {
    const told = { switches: [pbx, { id: 8, name: '192.0.2.7', ipAddress: '192.0.2.7' }], numberRules: [{ switchId: 'pbx' }] };
    const api = { get: (_: string, schema: Parses) => Promise.resolve(schema.parse(told)) } as Parameters<typeof listSwitches>[0];
    expect((await listSwitches(api)).lines).toEqual([
      'pbx: Europe/Vienna, its clock 1500 ms ahead, set by operator:ann',
      '192.0.2.7 at 192.0.2.7: UTC; takes international numbers only: ./tollwire numbers set 192.0.2.7 --calling-code CODE says how others are dialled',
    ]);
  });

  it('sets one as a whole', async () => {
    const sent: unknown[] = [];
    const api = {
      get: (_: string, schema: Parses) => Promise.resolve(schema.parse({ numberRules: [] })),
      post: (path: string, body: unknown, schema: Parses) => {
        sent.push([path, body]);
        return Promise.resolve(schema.parse(pbx));
      },
    } as Parameters<typeof setSwitch>[0];
    const { lines } = await setSwitch(api, 'pbx', { zone: 'Europe/Vienna', 'skew-ms': '-250' });
    expect(lines).toEqual([expect.stringContaining('./tollwire numbers set pbx')]);
    expect(sent).toEqual([['/v1/switches', { switchId: 'pbx', zone: 'Europe/Vienna', skewMs: -250 }]]);
    await expect(setSwitch(api, undefined, {})).rejects.toThrow('Name the switch');
    await expect(setSwitch(api, 'pbx', { 'skew-ms': 'some' })).rejects.toThrow('not "some"');
  });

  it('sets what is taken off numbers', async () => {
    const api = { post: (_: string, body: object, schema: Parses) => Promise.resolve(schema.parse(body)) } as Parameters<typeof setRemoved>[0];
    expect((await setRemoved(api, ['9#=Vienna trunk', '00000=old'], false)).lines).toEqual(['9# is taken off numbers: Vienna trunk', '00000 is taken off numbers: old']);
    expect((await setRemoved(api, [], true)).lines).toEqual(['nothing is taken off numbers']);
    await expect(setRemoved(api, [], false)).rejects.toThrow('or --none');
    await expect(setRemoved(api, ['9#'], false)).rejects.toThrow('not "9#"');
  });
});
