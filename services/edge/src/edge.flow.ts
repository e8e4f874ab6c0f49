import {
  AlarmService, AllowanceService, CallControlService, CallersService, CardLifeService, CardService, CatalogService, CdrService, FraudService, ListService, MoneyService,
  OpsService, publicEvents, RatingService, RecordsService, RoutingService, WatchService,
} from '@tollwire/contracts';
import { type Database, type HandlerOf, readModel } from '@tollwire/event-store';
import { commonConfig, flow, type Resources, wholeNumber } from '@tollwire/platform';
import { z } from 'zod';
import { authorizer } from './authorize/authorizer.ts';
import { apiKey } from './domain/api-key.ts';
import { numberRules } from './domain/number-rules.ts';
import type { EdgeAskers, EdgeDeps } from './edge.deps.ts';
import { edgeDoor } from './edge.door.ts';
import { edgeForgets } from './import/forget-number.ts';
import { ImportQueue, watchQueue } from './import/import-queue.ts';
import { RowErrors } from './import/row-errors.ts';
import { CallJournal } from './journal/journal.ts';
import { SwitchBook } from './journal/switch-book.ts';
import { countTold } from './journal/told.ts';
import { apiKeyList, apiKeyStreamPrefix } from './keys/api-key-list.ts';
import { apiKeysOf } from './keys/api-keys.ts';
import { schema } from './migrations/index.ts';
import { NumberReader } from './numbers/number-reader.ts';
import { numberRulesStreamPrefix, numberRulesTable } from './numbers/number-rules-table.ts';
import { webhookSecrets } from './webhooks/secrets.ts';

const mebibyte = 1_048_576;

const config = commonConfig.extend({
  /** The first admin's key, until others are issued; known to nobody but who runs Tollwire. */
  EDGE_ADMIN_KEY: z.string().min(16, 'must be at least 16 characters').max(256).regex(/^\S+$/, 'must not hold spaces'),
  /** Requests a second for each API key. */
  EDGE_REQUESTS_PER_SEC: wholeNumber({ min: 1, max: 1_000_000, default: 5_000 }),
  /** The largest JSON body, in bytes. */
  EDGE_JSON_BYTES_MAX: wholeNumber({ min: 1024, max: 64 * mebibyte, default: mebibyte }),
  /** The largest file, in bytes. */
  EDGE_STREAM_BYTES_MAX: wholeNumber({ min: 1024, max: 4096 * mebibyte, default: 512 * mebibyte }),
  /** Calls of CDR files that are told of each second, by each instance; calls that switches tell of are not counted. */
  EDGE_IMPORT_ROWS_PER_SEC: wholeNumber({ min: 1, max: 1_000_000, default: 2_000 }),
  /** Whether a switch is registered when it is seen first, or must be before it is listened to; cdr has the same setting. */
  SWITCH_REGISTRATION: z.enum(['first_sight', 'refuse']).default('first_sight'),
  /** What payment providers sign their webhooks with, as `bank:SECRET,stripe:OLD,stripe:NEW`. */
  PAYMENT_WEBHOOK_SECRETS: webhookSecrets,
});

/** Edge: the one HTTP door. It proves API keys, journals call events before it answers, and asks the services behind it. */
export const edgeFlow = flow('edge', {
  config,
  schema,
  aggregates: (stored) => ({
    apiKeys: stored(apiKey, { streamPrefix: apiKeyStreamPrefix, readModels: [readModel(apiKeyList)] }),
    numberRules: stored(numberRules, { streamPrefix: numberRulesStreamPrefix, readModels: [numberRulesTable] }),
  }),
  deps: ({ database, clock, root, logger, wakeRelay, meter, config: own, ...resources }, aggregates): EdgeDeps => {
    watchQueue(meter, database);
    const doors = asking(resources);
    return {
      ...{ clock, log: logger, ...doors },
      limits: { requestsPerSec: own.EDGE_REQUESTS_PER_SEC, jsonBytesMax: own.EDGE_JSON_BYTES_MAX, streamBytesMax: own.EDGE_STREAM_BYTES_MAX },
      ...readingNumbers(database, aggregates),
      keys: apiKeysOf({ database, keys: aggregates.apiKeys, clock, adminKey: own.EDGE_ADMIN_KEY }),
      switches: new SwitchBook({ cdr: doors.ask.cdr, clock, refusesUnknown: own.SWITCH_REGISTRATION === 'refuse' }),
      journal: new CallJournal({ database, root, wakeRelay }),
      importQueue: new ImportQueue({ database, root, clock, wakeRelay, rowsPerSec: own.EDGE_IMPORT_ROWS_PER_SEC }),
      countTold: countTold(meter),
      rowErrors: new RowErrors(database, clock),
      webhookSecrets: own.PAYMENT_WEBHOOK_SECRETS,
    };
  },
  prepare: ({ numbers }) => numbers.refresh(),
  sweeps: [
    { name: 'follow-number-rules', everyMs: 1_000, run: ({ numbers }) => numbers.refresh() },
    { name: 'feed-imports', everyMs: 250, run: ({ importQueue }) => importQueue.feed() },
  ],
  forgets: edgeForgets,
  answers: [],
  reactions: [],
  publishes: [publicEvents.CallStarted, publicEvents.CallRinging, publicEvents.CallAnswered, publicEvents.CallEnded],
  http: edgeDoor,
});

/** How numbers are read, and who carries out what is ordered of that. */
export function readingNumbers(database: Database, { numberRules: rules }: { readonly numberRules: HandlerOf<typeof numberRules> }): Pick<EdgeDeps, 'numbers' | 'handleNumberRules'> {
  return {
    numbers: new NumberReader(database),
    handleNumberRules: ({ switchId, trunk }, command) => rules.handle([switchId, trunk].map(encodeURIComponent).join('/'), command),
  };
}

/** Every service behind the door, as it is asked; authorizations share their requests. */
export function asking(resources: Pick<Resources, 'ask'>): Pick<EdgeDeps, 'ask' | 'authorize'> {
  const ask = askersOf(resources);
  return { ask, authorize: authorizer(ask.card) };
}

/** Every service behind the door. */
function askersOf({ ask }: Pick<Resources, 'ask'>): EdgeAskers {
  const ops = (service: string) => ask(OpsService, service);
  return {
    card: ask(CardService, 'card'),
    cardLife: ask(CardLifeService, 'card'),
    callers: ask(CallersService, 'card'),
    control: ask(CallControlService, 'card'),
    catalog: ask(CatalogService, 'catalog'),
    routing: ask(RoutingService, 'routing'),
    rating: ask(RatingService, 'rating'),
    allowances: ask(AllowanceService, 'rating'),
    money: ask(MoneyService, 'card'),
    cdr: ask(CdrService, 'cdr'),
    watch: ask(WatchService, 'cdr'),
    alarms: ask(AlarmService, 'cdr'),
    lists: ask(ListService, 'cdr'),
    fraud: ask(FraudService, 'cdr'),
    records: ask(RecordsService, 'cdr'),
    ops: { catalog: ops('catalog'), card: ops('card'), routing: ops('routing'), rating: ops('rating'), cdr: ops('cdr'), edge: ops('edge') },
  };
}
