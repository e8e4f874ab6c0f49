import { describe, expect, it } from '@jest/globals';
import { fold } from '@tollwire/core';
import fc from 'fast-check';
import { stateRow } from './state-row.ts';

type SlipEvent = { readonly type: 'SlipWritten'; readonly text: string } | { readonly type: 'SlipSigned' | 'SlipTorn' };
type Slip = { readonly phase: 'none' } | { readonly phase: 'open' | 'signed'; readonly text: string };

const slip = {
  initial: { phase: 'none' } as Slip,
  evolve(state: Slip, event: SlipEvent): Slip {
    if (event.type === 'SlipWritten') return { phase: 'open', text: event.text };
    if (event.type === 'SlipTorn' || state.phase === 'none') return { phase: 'none' };
    return { ...state, phase: 'signed' };
  },
};

const slips = stateRow<Slip, SlipEvent, { id: string; signed: boolean; text: string }>({
  name: 'slips', table: 'slip', streamPrefix: 'slip-', decider: slip,
  columns: { id: 'id text', signed: 'signed boolean', text: 'text text' },
  key: ['id'],
  rowOf: (state, id) => (state.phase === 'none' ? undefined : { id, signed: state.phase === 'signed', text: state.text }),
  stateOf: ({ signed, text }) => ({ phase: signed ? 'signed' : 'open', text }),
});

const recorded = (event: SlipEvent) => ({ stream: 'slip-a-1', version: 1, event, meta: {} });

describe('a row that mirrors the state', () => {
  it('is named by what follows the prefix of its stream', () => {
    expect(slips.keyOf(recorded({ type: 'SlipSigned' }))).toEqual(['a-1']);
  });

  it('is not there before the aggregate is, nor after it has gone', () => {
    expect(slips.evolve(undefined, recorded({ type: 'SlipSigned' }))).toBeUndefined();
    expect(slips.evolve({ id: 'a-1', signed: true, text: 'x' }, recorded({ type: 'SlipTorn' }))).toBeUndefined();
  });

  it('folded event by event is the row of the folded state', () => {
    const event = fc.oneof(
      fc.string().map((text): SlipEvent => ({ type: 'SlipWritten', text })),
      fc.constantFrom<SlipEvent['type']>('SlipSigned', 'SlipTorn').map((type) => ({ type }) as SlipEvent),
    );
    fc.assert(fc.property(fc.array(event), (events) => {
      const row = events.reduce<ReturnType<typeof slips.evolve>>((before, each) => slips.evolve(before, recorded(each)), undefined);
      const state = fold(slip, events);
      expect(row).toEqual(state.phase === 'none' ? undefined : { id: 'a-1', signed: state.phase === 'signed', text: state.text });
    }));
  });
});
