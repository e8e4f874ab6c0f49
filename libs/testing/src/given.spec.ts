import { describe, expect, it } from '@jest/globals';
import { accept, reject } from '@tollwire/core';
import type { Decider } from '@tollwire/core';
import { given } from './given.ts';

type Toggled = { type: 'Opened' } | { type: 'Closed' };
const gate: Decider<boolean, 'open' | 'close', Toggled, { code: 'already_open' }> = {
  name: 'gate',
  initial: false,
  decide(command, open) {
    if (command === 'close') return open ? accept({ type: 'Closed' }) : accept();
    return open ? reject({ code: 'already_open' }) : accept({ type: 'Opened' });
  },
  evolve: (_open, event) => event.type === 'Opened',
};

describe('given / when / then', () => {
  it('expects the events of an accepted command', () => {
    given(gate, []).when('open').then([{ type: 'Opened' }]);
    given(gate, []).when('close').then([]);
  });

  it('expects a refusal', () => {
    given(gate, [{ type: 'Opened' }]).when('open').then({ code: 'already_open' });
  });

  it('fails when the decision is another', () => {
    expect(() => given(gate, []).when('open').then([])).toThrow('Opened');
    expect(() => given(gate, []).when('open').then({ code: 'already_open' })).toThrow('already_open');
  });

  it('shows the state that the past leads to', () => {
    expect(given(gate, [{ type: 'Opened' }, { type: 'Closed' }]).state).toBe(false);
  });

  it('fails when a decision changes the state in place', () => {
    const leaky: Decider<{ opened: number }, 'open', Toggled, { code: 'never' }> = {
      name: 'leaky',
      initial: { opened: 0 },
      decide: (_command, state) => {
        state.opened += 1;
        return accept({ type: 'Opened' });
      },
      evolve: (state, event) => ({ opened: state.opened + (event.type === 'Opened' ? 1 : 0) }),
    };
    expect(() => given(leaky, [{ type: 'Opened' }]).when('open').then([{ type: 'Opened' }])).toThrow('opened');
  });
});
