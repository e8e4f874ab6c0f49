import type {
  AlarmService,
  AllowanceService,
  CallControlService,
  CallersService,
  CardLifeService,
  CardService,
  CatalogService,
  CdrService,
  CodedRefusal,
  FraudService,
  ListService,
  MoneyService,
  OpsService,
  RatingService,
  RecordsService,
  RoutingService,
  ServiceName,
  WatchService,
} from '@tollwire/contracts';
import type { Clock, Result } from '@tollwire/core';
import type { Asker } from '@tollwire/messaging';
import type { Authorizer } from './authorize/authorizer.ts';
import type { ApiKeyCommand } from './domain/api-key.ts';
import type { NumberRulesCommand, NumberSource } from './domain/number-rules.ts';
import type { ImportQueue } from './import/import-queue.ts';
import type { RowErrors } from './import/row-errors.ts';
import type { CallJournal } from './journal/journal.ts';
import type { SwitchBook } from './journal/switch-book.ts';
import type { CountTold } from './journal/told.ts';
import type { KeyRing } from './keys/key-ring.ts';
import type { ApiKeyRow } from './keys/api-key-list.ts';
import type { NumberReader } from './numbers/number-reader.ts';
import type { WebhookSecrets } from './webhooks/secrets.ts';

/** How the edge asks the services behind it. */
export interface EdgeAskers {
  readonly card: Asker<typeof CardService>;
  /** The later life of cards, and who calls with them; answered by card. */
  readonly cardLife: Asker<typeof CardLifeService>;
  readonly callers: Asker<typeof CallersService>;
  /** Calls that were let through, and how much one may call at a time; answered by card. */
  readonly control: Asker<typeof CallControlService>;
  readonly catalog: Asker<typeof CatalogService>;
  readonly routing: Asker<typeof RoutingService>;
  readonly rating: Asker<typeof RatingService>;
  /** Free seconds; answered by rating. */
  readonly allowances: Asker<typeof AllowanceService>;
  /** The money of cards and accounts; answered by card. */
  readonly money: Asker<typeof MoneyService>;
  readonly cdr: Asker<typeof CdrService>;
  /** What the traffic amounts to, and calls whose end never came; answered by cdr. */
  readonly watch: Asker<typeof WatchService>;
  /** Alarms upon the traffic; answered by cdr. */
  readonly alarms: Asker<typeof AlarmService>;
  /** Blacklist and whitelist; answered by cdr. */
  readonly lists: Asker<typeof ListService>;
  /** The watch against fraud; answered by cdr. */
  readonly fraud: Asker<typeof FraudService>;
  /** Who has seen the numbers of calls; answered by cdr. */
  readonly records: Asker<typeof RecordsService>;
  /** What every service answers to its operator, by the name of the service. */
  readonly ops: Readonly<Record<ServiceName, Asker<typeof OpsService>>>;
}

/** The API keys: how they are proved, issued, revoked and listed. */
export interface ApiKeys {
  readonly ring: KeyRing;
  handle(keyId: string, command: ApiKeyCommand): Promise<Result<unknown, CodedRefusal>>;
  list(): Promise<ApiKeyRow[]>;
}

/** The part of a logger that the edge uses. */
export interface EdgeLog {
  error(facts: object, message: string): void;
  warn(facts: object, message: string): void;
}

/** What bounds a caller. */
export interface EdgeLimits {
  /** Requests a second for each key; twice as many at once after a pause. */
  readonly requestsPerSec: number;
  /** Bytes of a JSON body. */
  readonly jsonBytesMax: number;
  /** Bytes of a streamed body: a rate deck, a file of CDRs. */
  readonly streamBytesMax: number;
}

/** All that the edge's controllers work with. */
export interface EdgeDeps {
  readonly clock: Clock;
  readonly log: EdgeLog;
  readonly limits: EdgeLimits;
  readonly ask: EdgeAskers;
  readonly authorize: Authorizer;
  readonly keys: ApiKeys;
  readonly journal: CallJournal;
  /** The switches that cdr knows, and how their clocks go. */
  readonly switches: SwitchBook;
  /** Calls of files, which give way to those that switches tell of. */
  readonly importQueue: ImportQueue;
  readonly countTold: CountTold;
  /** Reads the numbers of calls by the rules of their switch or trunk. */
  readonly numbers: NumberReader;
  /** Carries out what is ordered of the rules of a switch or trunk. */
  readonly handleNumberRules: (source: NumberSource, command: NumberRulesCommand) => Promise<Result<unknown, CodedRefusal>>;
  readonly rowErrors: RowErrors;
  /** What payment providers sign with. */
  readonly webhookSecrets: WebhookSecrets;
}

/** Under this token the controllers are given their `EdgeDeps`. */
export const EDGE = Symbol('edge');
