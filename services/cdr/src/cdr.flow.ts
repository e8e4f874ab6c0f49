import { AlarmService, CatalogService, CdrService, ListService, publicEvents, WatchService } from '@tollwire/contracts';
import { readModel } from '@tollwire/event-store';
import { answers, commonConfig, decision, flow, on, wholeNumber } from '@tollwire/platform';
import { alarmAnswers } from './alarms/alarm-answers.ts';
import { runAlarms } from './alarms/run-alarms.ts';
import { sendNotices } from './alarms/send-notices.ts';
import { cdrAnswers } from './api/cdr-answers.ts';
import { watchAnswers } from './api/watch-answers.ts';
import { createCdr } from './cdr.deps.ts';
import { abandonedBy, defaultRules } from './domain/abandon.ts';
import { verdictOf } from './domain/alarm.ts';
import { differenceOf } from './domain/traffic.ts';
import { evolve } from './domain/call.ts';
import { listEntry } from './domain/list-entry.ts';
import { countListHits } from './lists/count-hits.ts';
import { listAnswers } from './lists/list-answers.ts';
import { documentedLists, listEntries, listStreamPrefix } from './lists/list-projections.ts';
import { renewCountries } from './lists/renew-countries.ts';
import { schema } from './migrations/index.ts';
import { nameLately } from './sweeps/name-lately.ts';
import { fillProviderIds } from './projections/carriers.ts';
import { foldReports } from './projections/fold-reports.ts';
import { seedHangupCauses } from './projections/hangup-causes.ts';
import { close, track } from './reactions/call-reactions.ts';
import { learnAccountCodes } from './reactions/learn-account-codes.ts';
import { learnCarrierNumbers } from './reactions/learn-carriers.ts';
import { abandonCalls } from './sweeps/abandon-calls.ts';
import { publicListEvent } from './wire/list-events.ts';

const config = commonConfig.extend({
  /** A call that is not answered is closed this long after its start, in seconds. */
  CALL_SILENCE_SEC_MAX: wholeNumber({ min: 60, max: 86_400, default: defaultRules.silenceSecMax }),
  /** A call that is answered and has no end is closed this long after its start, in seconds. */
  CALL_OPEN_SEC_MAX: wholeNumber({ min: 60, max: 604_800, default: defaultRules.callSecMax }),
});

/** Call detail records: one true record of each call, made of whatever switches tell of it and what rating says it cost. */
export const cdrFlow = flow('cdr', {
  config,
  schema,
  // The log of call events is the stream of every call; `evolve` folds it into the one record, and nothing is refused.
  aggregates: (stored) => ({
    lists: stored(listEntry, { streamPrefix: listStreamPrefix, readModels: [readModel(listEntries), ...documentedLists], publish: publicListEvent }),
  }),
  deps: ({ config: own, ...resources }, aggregates) => createCdr({
    ...resources,
    ...aggregates,
    catalog: resources.ask(CatalogService, 'catalog'),
    rules: { silenceSecMax: own.CALL_SILENCE_SEC_MAX, callSecMax: own.CALL_OPEN_SEC_MAX },
  }),
  decides: [decision(evolve, ['call_event', 'call']), decision(abandonedBy), decision(differenceOf, ['report_difference', 'report_bucket', 'live_calls']),
    decision(verdictOf, ['alarm_report', 'alarm_notice'])],
  answers: [answers(CdrService, cdrAnswers), answers(WatchService, watchAnswers), answers(AlarmService, alarmAnswers), answers(ListService, listAnswers)],
  reactions: [
    on([publicEvents.CallStarted, publicEvents.CallRinging, publicEvents.CallAnswered, publicEvents.CallEnded], 'track', track),
    on([publicEvents.CallRated], 'close', close),
    on([publicEvents.AccountOpened], 'learn-account-codes', learnAccountCodes),
    on([publicEvents.ProviderRegistered], 'learn-carriers', learnCarrierNumbers),
    on([publicEvents.NumbersScreened], 'count-list-hits', countListHits),
  ],
  prepare: ({ database }) => seedHangupCauses(database),
  sweeps: [
    { name: 'fill-provider-ids', everyMs: 1000, run: ({ database }) => fillProviderIds(database) },
    { name: 'fold-reports', everyMs: 1000, run: ({ database }) => foldReports(database) },
    { name: 'name-destinations', everyMs: 5000, run: nameLately },
    { name: 'run-alarms', everyMs: 10_000, run: runAlarms },
    { name: 'send-notices', everyMs: 5000, run: sendNotices },
    { name: 'abandon-calls', everyMs: 5000, run: abandonCalls },
    { name: 'renew-countries', everyMs: 60_000, run: renewCountries },
  ],
  publishes: [publicEvents.CdrClosed, publicEvents.CallAbandoned, publicEvents.NumberListed, publicEvents.NumberDelisted],
});
