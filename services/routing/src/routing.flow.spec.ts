import { describe, expect, it } from '@jest/globals';
import { publicEvents, RoutingService } from '@tollwire/contracts';
import { routingFlow } from './routing.flow.ts';

describe('the flow of routing', () => {
  it('publishes every public event that is routing\'s, and no other', () => {
    const own = Object.values(publicEvents).filter(({ service }) => service === 'routing').map(({ type }) => type);
    expect(routingFlow.publishes.map(({ type }) => type).toSorted()).toEqual(own.toSorted());
  });

  it('lists the read models that its events feed', () => {
    expect(routingFlow.stores.map(({ name, readModels }) => [name, readModels.map(({ table }) => table)])).toEqual([
      ['provider', ['provider', 'providerrate', 'replica_revision']],
      ['planPolicy', ['routing_policy', 'routing_policy_history', 'replica_revision']],
    ]);
  });

  it('answers its service, and hears others under names that are kept', () => {
    expect(routingFlow.answers.map(({ service }) => service)).toEqual([RoutingService]);
    expect(routingFlow.reactions.map(({ name, events }) => [name, events.map(({ event }) => event).join(' ')])).toEqual([
      ['replicate-decks', 'activated withdrawn composed terms_set set'],
      ['measure-quality', 'ringing ended'],
      ['lease-calls', 'started answered ended abandoned'],
      ['spend-balances', 'rated'],
      ['learn-lists', 'listed delisted'],
    ]);
  });
});
