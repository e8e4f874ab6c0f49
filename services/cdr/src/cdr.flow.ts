import { CdrService, publicEvents } from '@tollwire/contracts';
import { answers, commonConfig, decision, flow, on } from '@tollwire/platform';
import { cdrAnswers } from './api/cdr-answers.ts';
import { createCdr } from './cdr.deps.ts';
import { evolve } from './domain/call.ts';
import { schema } from './migrations/index.ts';
import { fillProviderIds } from './projections/carriers.ts';
import { seedHangupCauses } from './projections/hangup-causes.ts';
import { close, track } from './reactions/call-reactions.ts';
import { learnAccountCodes } from './reactions/learn-account-codes.ts';
import { learnCarrierNumbers } from './reactions/learn-carriers.ts';

/** Call detail records: one true record of each call, made of whatever switches tell of it and what rating says it cost. */
export const cdrFlow = flow('cdr', {
  config: commonConfig,
  schema,
  deps: createCdr,
  // The log of call events is the stream of every call; `evolve` folds it into the one record, and nothing is refused.
  aggregates: () => ({}),
  decides: [decision(evolve, ['call_event', 'call'])],
  answers: [answers(CdrService, cdrAnswers)],
  reactions: [
    on([publicEvents.CallStarted, publicEvents.CallAnswered, publicEvents.CallEnded], 'track', track),
    on([publicEvents.CallRated], 'close', close),
    on([publicEvents.AccountOpened], 'learn-account-codes', learnAccountCodes),
    on([publicEvents.ProviderRegistered], 'learn-carriers', learnCarrierNumbers),
  ],
  prepare: ({ database }) => seedHangupCauses(database),
  sweeps: [{ name: 'fill-provider-ids', everyMs: 1000, run: ({ database }) => fillProviderIds(database) }],
  publishes: [publicEvents.CdrClosed],
});
