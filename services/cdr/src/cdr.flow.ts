import {
  AlarmService, CallControlService, CardLifeService, CatalogService, CdrService, FraudService, ListService, OpsService, publicEvents, RecordsService,
  WatchService,
} from '@tollwire/contracts';
import { readModel } from '@tollwire/event-store';
import { answers, commonConfig, decision, flow, on, wholeNumber } from '@tollwire/platform';
import { z } from 'zod';
import { alarmAnswers } from './alarms/alarm-answers.ts';
import { runAlarms } from './alarms/run-alarms.ts';
import { mailThrough } from './alarms/send-mail.ts';
import { sendNotices } from './alarms/send-notices.ts';
import { cdrAnswers } from './api/cdr-answers.ts';
import { recordsAnswers } from './api/records-answers.ts';
import { watchAnswers } from './api/watch-answers.ts';
import { createCdr } from './cdr.deps.ts';
import { abandonedBy, defaultRules } from './domain/abandon.ts';
import { verdictOf } from './domain/alarm.ts';
import { differenceOf } from './domain/traffic.ts';
import { evolve } from './domain/call.ts';
import { listEntry } from './domain/list-entry.ts';
import { fraudCase } from './domain/fraud-case.ts';
import { countOf } from './domain/fraud-rule.ts';
import { blockFraud } from './fraud/block-fraud.ts';
import { fraudCases, fraudStreamPrefix } from './fraud/case-projection.ts';
import { fraudAnswers } from './fraud/fraud-answers.ts';
import { forgetFraud, judgeFraud } from './fraud/judge-fraud.ts';
import { watchedEvents, watchFraud } from './fraud/watch-fraud.ts';
import { countListHits } from './lists/count-hits.ts';
import { listAnswers } from './lists/list-answers.ts';
import { documentedLists, listEntries, listStreamPrefix } from './lists/list-projections.ts';
import { renewCountries } from './lists/renew-countries.ts';
import { schema } from './migrations/index.ts';
import { askServices, forgettingServices } from './numbers/ask-services.ts';
import { cdrForgets } from './numbers/forget-number.ts';
import { eraseOldNumbers } from './numbers/erase-days.ts';
import { starLog } from './numbers/erase-number.ts';
import { nameLately } from './sweeps/name-lately.ts';
import { fillProviderIds } from './projections/carriers.ts';
import { foldReports } from './projections/fold-reports.ts';
import { seedHangupCauses } from './projections/hangup-causes.ts';
import { close, track } from './reactions/call-reactions.ts';
import { learnAccountCodes } from './reactions/learn-account-codes.ts';
import { learnCarrierNumbers } from './reactions/learn-carriers.ts';
import { abandonCalls } from './sweeps/abandon-calls.ts';
import { archiveFormats, checkArchive } from './sweeps/call-archive.ts';
import { dropOldCalls } from './sweeps/drop-old-calls.ts';
import { publicFraudEvent } from './wire/fraud-events.ts';
import { publicListEvent } from './wire/list-events.ts';

const config = commonConfig.extend({
  /** A call that is not answered is closed this long after its start, in seconds. */
  CALL_SILENCE_SEC_MAX: wholeNumber({ min: 60, max: 86_400, default: defaultRules.silenceSecMax }),
  /** A call that is answered and has no end is closed this long after its start, in seconds. */
  CALL_OPEN_SEC_MAX: wholeNumber({ min: 60, max: 604_800, default: defaultRules.callSecMax }),
  /** The server that notices of alarms go through by e-mail, and who sends them; without, alarms have their webhooks alone. */
  SMTP_URL: z.string().regex(/^smtps?:\/\/[^\s]+$/, 'must be a URL that starts with smtp:// or smtps://').optional(),
  SMTP_FROM: z.string().regex(/^[^\r\n]*@[^\s@]+$/, 'must be an address of mail').default('tollwire@localhost'),
  /** Whether webhooks may lie within a network: loopback, private, link-local. */
  WEBHOOK_PRIVATE_ADDRESSES: z.enum(['refuse', 'allow']).default('refuse'),
  /** Calls, and the log of their events, are dropped so many days after the call was set up; 0: never. */
  CALL_KEPT_DAYS: z.union([z.literal('0').transform(() => 0), wholeNumber({ min: 7, max: 36_500, default: 0 })]).default(0),
  /** Whether a switch is registered when it is seen first, or must be before it is listened to; the edge has the same setting. */
  SWITCH_REGISTRATION: z.enum(['first_sight', 'refuse']).default('first_sight'),
  /** A folder into which calls are written before they are dropped by their age; without, they are dropped. */
  CALL_ARCHIVE_FOLDER: z.string().min(1).optional(),
  CALL_ARCHIVE_FORMAT: z.enum(archiveFormats).default('parquet'),
  /** Numbers of calls can be read for so many days after the call was set up; 0: as long as there are calls. */
  NUMBERS_KEPT_DAYS: wholeNumber({ min: 0, max: 36_500, default: 0 }),
});

/** Call detail records: one true record of each call, made of whatever switches tell of it and what rating says it cost. */
export const cdrFlow = flow('cdr', {
  config,
  schema,
  // The log of call events is the stream of every call; `evolve` folds it into the one record, and nothing is refused.
  aggregates: (stored) => ({
    lists: stored(listEntry, { streamPrefix: listStreamPrefix, readModels: [readModel(listEntries), ...documentedLists], publish: publicListEvent }),
    cases: stored(fraudCase, { streamPrefix: fraudStreamPrefix, readModels: [readModel(fraudCases)], publish: publicFraudEvent }),
  }),
  deps: ({ config: own, ...resources }, aggregates) => createCdr({
    ...resources,
    ...aggregates,
    catalog: resources.ask(CatalogService, 'catalog'),
    forgetters: Object.fromEntries(forgettingServices.map((service) => [service, resources.ask(OpsService, service)])),
    blocks: { cards: resources.ask(CardLifeService, 'card'), accounts: resources.ask(CallControlService, 'card') },
    rules: { silenceSecMax: own.CALL_SILENCE_SEC_MAX, callSecMax: own.CALL_OPEN_SEC_MAX },
    mail: own.SMTP_URL === undefined ? undefined : mailThrough({ url: own.SMTP_URL, from: own.SMTP_FROM }),
    allowsPrivateWebhooks: own.WEBHOOK_PRIVATE_ADDRESSES === 'allow',
    numbersKeptDays: own.NUMBERS_KEPT_DAYS,
    callKeptDays: own.CALL_KEPT_DAYS,
    refusesUnknownSwitches: own.SWITCH_REGISTRATION === 'refuse',
    callArchive: own.CALL_ARCHIVE_FOLDER === undefined ? undefined : { folder: own.CALL_ARCHIVE_FOLDER, format: own.CALL_ARCHIVE_FORMAT },
  }),
  decides: [decision(evolve, ['call_event', 'call']), decision(abandonedBy), decision(differenceOf, ['report_difference', 'report_bucket', 'live_calls']),
    decision(verdictOf, ['alarm_report', 'alarm_notice']), decision(countOf, ['fraud_call', 'fraud_sum'])],
  answers: [answers(CdrService, cdrAnswers), answers(WatchService, watchAnswers), answers(AlarmService, alarmAnswers), answers(ListService, listAnswers), answers(FraudService, fraudAnswers),
    answers(RecordsService, recordsAnswers)],
  reactions: [
    on([publicEvents.CallStarted, publicEvents.CallRinging, publicEvents.CallAnswered, publicEvents.CallEnded], 'track', track),
    on([publicEvents.CallRated], 'close', close),
    on([publicEvents.AccountOpened], 'learn-account-codes', learnAccountCodes),
    on([publicEvents.ProviderRegistered], 'learn-carriers', learnCarrierNumbers),
    on([publicEvents.NumbersScreened], 'count-list-hits', countListHits),
    on(watchedEvents, 'watch-fraud', watchFraud),
  ],
  forgets: cdrForgets,
  prepare: async ({ database, filing, callArchive }) => {
    if (callArchive !== undefined) await checkArchive(callArchive);
    await seedHangupCauses(database);
    await filing.makeAhead(database);
  },
  sweeps: [
    { name: 'fill-provider-ids', everyMs: 1000, run: ({ database }) => fillProviderIds(database) },
    { name: 'fold-reports', everyMs: 1000, run: ({ database }) => foldReports(database) },
    { name: 'name-destinations', everyMs: 5000, run: nameLately },
    { name: 'run-alarms', everyMs: 10_000, run: runAlarms },
    { name: 'send-notices', everyMs: 5000, run: sendNotices },
    { name: 'abandon-calls', everyMs: 5000, run: abandonCalls },
    { name: 'renew-countries', everyMs: 60_000, run: renewCountries },
    { name: 'judge-fraud', everyMs: 1000, run: judgeFraud },
    { name: 'block-fraud', everyMs: 1000, run: blockFraud },
    { name: 'forget-fraud', everyMs: 600_000, run: forgetFraud },
    { name: 'make-partitions', everyMs: 60_000, run: ({ database, filing }) => filing.makeAhead(database) },
    { name: 'drop-old-calls', everyMs: 60_000, run: (deps) => dropOldCalls(deps) },
    { name: 'erase-numbers', everyMs: 60_000, run: eraseOldNumbers },
    { name: 'star-log', everyMs: 10_000, run: starLog },
    { name: 'ask-services-to-forget', everyMs: 5_000, run: askServices },
  ],
  publishes: [publicEvents.CdrClosed, publicEvents.CallAbandoned, publicEvents.NumberListed, publicEvents.NumberDelisted, publicEvents.FraudSuspected, publicEvents.FraudCleared],
});
