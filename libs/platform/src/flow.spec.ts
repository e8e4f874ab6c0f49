import { describe, expect, it } from '@jest/globals';
import { CdrService, type EventDefinition, publicEvents } from '@tollwire/contracts';
import { accept, type Decider } from '@tollwire/core';
import { type CommandHandler, eventStoreGrants, type Reaction, type ReadModel } from '@tollwire/event-store';
import { commonConfig } from './config.ts';
import { answers, decision, flow, on, type PureDecision, reactionsOf } from './flow.ts';
import type { Stored } from './stored.ts';

const { AccountOpened, CallRated, CallEnded } = publicEvents;
const own = Object.values<EventDefinition>(publicEvents).filter(({ service }) => service === 'cdr');
const reaction = (name: string, events: Reaction['events']): Reaction => ({ name, events, handle: () => Promise.resolve() });
const definition = {
  config: commonConfig,
  schema: { entities: [], migrations: [], grants: [] },
  deps: () => ({}),
  aggregates: () => ({}),
  answers: [],
  reactions: [],
};

describe('a flow', () => {
  it('keeps what it lists under its name', () => {
    const make = () => { throw new Error('made while it was only listed'); };
    const cdr = flow('cdr', { ...definition, answers: [answers(CdrService, make)], publishes: own });
    expect(cdr).toMatchObject({ name: 'cdr', publishes: own, answers: [{ service: CdrService }] });
  });

  it.each([
    ['too little', []],
    ['what is another service\'s to publish', [CallRated]],
    ['too much', [...own, CallRated]],
  ])('that says to publish %s is refused', (_what, publishes) => {
    expect(() => flow('cdr', { ...definition, publishes })).toThrow('cdr lists as published what its contracts say: tollwire.cdr.v1.CallAbandoned, tollwire.cdr.v1.CdrClosed');
  });
});

type SlipEvent = { readonly type: 'SlipWritten' };
const slip: Decider<number, { readonly type: 'Write' }, SlipEvent, never> = {
  name: 'slip', initial: 0, decide: () => accept({ type: 'SlipWritten' }), evolve: (count) => count + 1,
};
const slips = (name: string, table = 'slip', streamPrefix = 'slip-'): ReadModel<SlipEvent> => {
  return { name, table, streamPrefix, apply: () => Promise.resolve(), clear: () => Promise.resolve() };
};
const slipFlow = (bind: (stored: Stored) => unknown, decides: readonly PureDecision[] = []) => flow('cdr', {
  ...definition,
  ...{ aggregates: bind, decides, publishes: own },
  schema: { entities: [], migrations: [], grants: [...eventStoreGrants, 'GRANT SELECT ON other TO :app', 'GRANT SELECT, INSERT ON slip, "order" TO :app'] },
});

describe('what a flow keeps', () => {
  it('is read off its aggregates, its decisions and its grants, without a database', () => {
    const kept = slipFlow((stored) => stored(slip, { streamPrefix: 'slip-', readModels: [slips('slips')] }), [decision(slip, ['"order"'])]);
    expect(kept.stores).toMatchObject([{ name: 'slip', streamPrefix: 'slip-', readModels: [{ name: 'slips', table: 'slip' }] }]);
    expect([kept.keeps, kept.decides]).toEqual([['"order"'], [{ name: 'slip', keptIn: ['"order"'] }]]);
  });

  it.each<[what: string, told: string, bind: (stored: Stored) => unknown, decides: PureDecision[]]>([
    ['in a table that it may not write', 'may write other', (stored) => stored(slip, { streamPrefix: 'slip-', readModels: [slips('slips', 'other')] }), []],
    ['a decision in such a table', 'may write event', () => undefined, [decision(slip, ['event'])]],
    ['what reads the streams of another', 'not page-', (stored) => stored(slip, { streamPrefix: 'slip-', readModels: [slips('slips', 'slip', 'page-')] }), []],
    ['two read models of one name', 'a name and a stream of its own', (stored) => stored(slip, { streamPrefix: 'slip-', readModels: [slips('one'), slips('one')] }), []],
    ['two aggregates of one name', 'a name and a stream of its own', (stored) => ['a-', 'b-'].map((streamPrefix) => stored(slip, { streamPrefix, readModels: [] })), []],
  ])('is never %s', (_what, told, bind, decides) => {
    expect(() => slipFlow(bind, decides)).toThrow(told);
  });

  it('is not changed while it is only listed', async () => {
    const handlers: CommandHandler<number, { readonly type: 'Write' }, SlipEvent, never>[] = [];
    slipFlow((stored) => handlers.push(stored(slip, { streamPrefix: 'slip-', readModels: [] })));
    await expect(handlers[0]?.handle('1', { type: 'Write' })).rejects.toThrow('only being listed');
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
