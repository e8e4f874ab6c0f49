import { describe, expect, it } from '@jest/globals';
import { CdrService, publicEvents } from '@tollwire/contracts';
import type { Reaction } from '@tollwire/event-store';
import { commonConfig } from './config.ts';
import { answers, flow, on, reactionsOf } from './flow.ts';

const { AccountOpened, CallRated, CdrClosed, CallEnded } = publicEvents;
const reaction = (name: string, events: Reaction['events']): Reaction => ({ name, events, handle: () => Promise.resolve() });
const definition = {
  config: commonConfig,
  schema: { entities: [], migrations: [], grants: [] },
  deps: () => ({}),
  aggregates: [],
  projections: [],
  answers: [],
  reactions: [],
};

describe('a flow', () => {
  it('keeps what it lists under its name', () => {
    const make = () => { throw new Error('made while it was only listed'); };
    const cdr = flow('cdr', { ...definition, answers: [answers(CdrService, make)], publishes: [CdrClosed] });
    expect(cdr).toMatchObject({ name: 'cdr', publishes: [CdrClosed], answers: [{ service: CdrService }] });
  });

  it.each([
    ['too little', []],
    ['what is another service\'s to publish', [CallRated]],
    ['too much', [CdrClosed, CallRated]],
  ])('that says to publish %s is refused', (_what, publishes) => {
    expect(() => flow('cdr', { ...definition, publishes })).toThrow('cdr lists as published what its contracts say: tollwire.cdr.v1.CdrClosed');
  });
});

describe('the reactions of a flow', () => {
  const made = (entries: ReturnType<typeof on<object>>[]) => reactionsOf({ name: 'cdr', reactions: entries }, {});

  it('are made as they are listed, whatever the order of their events', () => {
    const track = reaction('track', [CallEnded, CallRated]);
    expect(made([on([CallRated, CallEnded], 'track', () => track)])).toEqual([track]);
  });

  it('are given what the flow shares', () => {
    const entry = on([CallRated], 'close', ({ root }: { root: string }) => reaction(root, [CallRated]));
    expect(reactionsOf({ name: 'cdr', reactions: [entry] }, { root: 'close' })).toHaveLength(1);
  });

  it.each<[what: string, reaction: Reaction, told: string]>([
    ['under another name', reaction('shut', [CallRated]), 'lists as close has that name, not shut'],
    ['with an event more', reaction('close', [CallRated, AccountOpened]), 'takes the events that the flow lists'],
    ['with an event less', reaction('close', []), 'takes the events that the flow lists'],
    ['with another event', reaction('close', [AccountOpened]), 'takes the events that the flow lists'],
  ])('throw when one is made %s', (_what, close, told) => {
    expect(() => made([on([CallRated], 'close', () => close)])).toThrow(told);
  });

  it('throw when two have one name: their receipts would be each other\'s', () => {
    const close = reaction('close', [CallRated]);
    const entry = on([CallRated], 'close', () => close);
    expect(() => made([entry, entry])).toThrow('a name of its own');
  });
});
