import { type CallEnded, type PublicEvent, publicEvents, type ReceivedEvent } from '@tollwire/contracts';
import { instantUs, type Result } from '@tollwire/core';
import type { CodedRefusal } from '@tollwire/contracts';
import { Database, isTransient, runReaction } from '@tollwire/event-store';
import { Auditor } from './auditor.ts';
import { fillStanding, keepPins, openBooks, type Payer } from './books.ts';
import { Consumer, LostOnTheWay, Stream } from './bus.ts';
import { Chance } from './chance.ts';
import { honest, Session, SessionPool, type Tamper } from './postgres/session.ts';
import { Store } from './postgres/store.ts';
import type { Row } from './postgres/values.ts';
import type { Prices } from './prices.ts';
import { aggregatesOver, type CardProcess, cardProcess, noAnswer, type RatingProcess, ratingProcess, type RoutingProcess, skewUsMax } from './processes.ts';
import { Scheduler, settled } from './scheduler.ts';

/** A bug that is planted, to show that it is caught. */
export interface Planted {
  /** What it does to each connection of card. */
  readonly tamper?: () => Tamper;
  /** Another way to give a batch to a reaction. */
  readonly runReaction?: typeof runReaction;
  /** Acknowledges before the commit. */
  readonly acknowledgesFirst?: boolean;
}

/** How somebody calls whom the switch does not name. */
export interface Presents {
  readonly cli: string;
  readonly trunk: string;
  readonly pin: string;
  readonly address: string;
}

/** A call of the simulation, with all that the switch knows of it. */
export interface Call {
  readonly number: string;
  readonly callId: string;
  /** Who calls, where the switch does not name who pays. */
  readonly presents: Presents | undefined;
  /** Who pays: named by the switch, or told to it. */
  payer: Payer | undefined;
  /** The first answer that allowed it, in bytes: every other must be the same. */
  allowed: Uint8Array | undefined;
  maxDurationSec: number;
  readonly ends: PublicEvent<typeof publicEvents.CallEnded.schema>[];
  readonly extensions: Extension[];
}

/** A payment that a provider tells of, always with the same content. */
export interface Payment {
  readonly paymentId: string;
  readonly payer: Payer;
  readonly nanos: bigint;
  /** Whether its provider was answered that it is taken. */
  taken: boolean;
  /** What the provider was told went back, by the names that it gave to it. */
  readonly reversed: Map<string, bigint>;
}

/** An extension that the switch asked for, under a number of its own. */
export interface Extension {
  readonly sequence: number;
  readonly usedSec: number;
  /** What was granted first: whenever it is granted again, it must be the same. */
  granted: string | undefined;
}

/** A place where one instance of a service runs, or is down. */
export interface Place<Running> {
  readonly name: string;
  /** How far its clock is from the others. */
  readonly skewUs: number;
  lives: number;
  process: Running | undefined;
}

const startUs = Date.UTC(2026, 5, 1) * 1_000;

/**
 * Two instances of card, rating and routing each, the databases of card and rating, the streams between them, switches that
 * call, and time. What is durable is in the databases and streams; whatever else an instance has goes with it.
 */
export class World {
  nowUs = startUs;
  readonly chance: Chance;
  readonly scheduler: Scheduler;
  readonly planted: Planted;
  readonly calls: Call[] = [];
  readonly payments: Payment[] = [];
  /** What somebody was told to have become of a credit that was proposed, by its name. */
  readonly decided = new Map<string, string>();
  /** Who was told to have won a voucher, by its code. */
  readonly winners = new Map<string, string>();
  readonly card: { readonly store: Store; readonly places: readonly Place<CardProcess>[]; readonly stream: Stream };
  readonly rating: { readonly store: Store; readonly places: readonly Place<RatingProcess>[]; readonly stream: Stream };
  readonly routing: { readonly places: readonly Place<RoutingProcess>[] };
  readonly edge: Stream;
  readonly auditor = new Auditor(() => this.nowUs);
  readonly consumers = {
    settle: new Consumer('settle-charges', [publicEvents.CallRated]),
    rate: new Consumer('rate', [publicEvents.CallEnded]),
    enrol: new Consumer('enrol-subscribers', [publicEvents.CardsIssued, publicEvents.AccountOpened]),
  };
  readonly #prices: Prices;
  readonly trace: (line: () => string) => void;
  #failure: Error | undefined;

  constructor(seed: number, prices: Prices, planted: Planted, trace: (line: () => string) => void) {
    this.chance = new Chance(seed);
    this.scheduler = new Scheduler(this.chance, trace);
    this.planted = planted;
    this.trace = trace;
    this.#prices = prices;
    const nowUs = () => this.nowUs;
    const { settle, rate, enrol } = this.consumers;
    this.edge = new Stream(this.scheduler, this.chance, [rate]);
    this.card = { store: new Store(nowUs, (changes) => this.auditor.look(changes)), places: this.#places('card'), stream: new Stream(this.scheduler, this.chance, [enrol]) };
    this.rating = { store: new Store(nowUs), places: this.#places('rating'), stream: new Stream(this.scheduler, this.chance, [settle]) };
    this.routing = { places: this.#places('routing') };
  }

  /** Opens the books and starts every instance. `carryOn` begins what relays and consumers do of themselves. */
  async open(carryOn: (world: World) => void): Promise<void> {
    this.scheduler.faulty = false;
    fillStanding(this.card.store, startUs);
    await keepPins(this.card.store);
    const database = this.#database('operator', this.card.store);
    this.run('operator', () => openBooks(database, aggregatesOver(database), startUs));
    await settled();
    while (await this.step());
    for (const place of [...this.card.places, ...this.rating.places, ...this.routing.places]) this.start(place);
    // Mostly rating has heard of cards and customer before the first call; at times it has not.
    for (let rounds = this.chance.in1000(700) ? 4 : 0; rounds > 0; rounds -= 1) {
      carryOn(this);
      await settled();
      while (await this.step());
    }
    this.scheduler.faulty = true;
  }

  /** Starts an instance from what is durable. */
  start(place: Place<CardProcess> | Place<RatingProcess> | Place<RoutingProcess>): void {
    place.lives += 1;
    const owner = `${place.name}.${place.lives}`;
    const clock = { nowUs: () => instantUs(this.nowUs + place.skewUs) };
    if (isOf(this.card.places, place)) {
      const answers = {
        rating: (name: string) => this.rating.places.find(({ process }) => process?.owner === name)?.process?.deps.tables ?? this.#prices.tables[0],
        routing: (name: string) => this.routing.places.find(({ process }) => process?.owner === name)?.process?.router ?? this.#prices.routers[0],
      };
      const given = { owner, pool: this.#pool(owner, this.card.store, this.planted.tamper), clock, drawCardIds: (count: number) => this.#drawCardIds(count) };
      place.process = cardProcess(given, (service, answer) => this.#ask(owner, service, answer), answers);
    } else if (isOf(this.rating.places, place)) {
      place.process = ratingProcess({ owner, pool: this.#pool(owner, this.rating.store), clock }, this.#newsOf(this.#prices.tables));
    } else if (isOf(this.routing.places, place)) {
      place.process = { owner, router: this.#newsOf(this.#prices.routers) };
    }
  }

  /** Ends an instance in the middle of whatever it does. */
  crash(place: Place<CardProcess> | Place<RatingProcess> | Place<RoutingProcess>): void {
    if (place.process === undefined) return;
    this.trace(() => `${place.process?.owner ?? ''} crashes`);
    this.scheduler.abandon(place.process.owner);
    place.process = undefined;
  }

  /** Begins something that goes on by itself. What passes by trying again is left to whoever tries again. */
  run(owner: string, work: () => Promise<void>): void {
    work().catch((error: unknown) => {
      if (isTransient(error) || error instanceof LostOnTheWay) this.trace(() => `${owner} gives up: ${String(error)}`);
      else this.#failure ??= error instanceof Error ? error : new Error(String(error));
    });
  }

  /** One step of whatever is under way; rejects with whatever must not be. False where nothing is under way. */
  async step(): Promise<boolean> {
    const stepped = await this.scheduler.step();
    if (!stepped) await settled();
    if (this.#failure !== undefined) throw this.#failure;
    return stepped;
  }

  /** Gives messages to an instance, and acknowledges them once they are handled. */
  async deliver(consumer: Consumer, process: { readonly owner: string; readonly database: Database }, reaction: CardProcess['settle'], seqs: readonly number[]): Promise<void> {
    const events = seqs.flatMap((seq) => consumer.unacknowledged.get(seq)?.events ?? []);
    const acknowledge = async () => {
      if (await this.scheduler.hop(process.owner, `acknowledges ${consumer.name} ${seqs.join(' ')}`)) for (const seq of seqs) consumer.unacknowledged.delete(seq);
    };
    this.trace(() => `${process.owner} is given ${consumer.name} ${seqs.join(' ')}`);
    if (this.planted.acknowledgesFirst === true) await acknowledge();
    await (this.planted.runReaction ?? runReaction)(process.database, reaction, events);
    await acknowledge();
  }

  /** Card's database as one request of an instance sees it; `watch` is told of what each statement is answered, before a bug that is planted. */
  watchedDatabase(owner: string, watch: (text: string, rows: readonly Row[]) => void): Database {
    const tamperOf = (): Tamper => {
      const planted = this.planted.tamper?.() ?? honest;
      return { statement: (asked) => planted.statement(asked), rows: (text, rows) => (watch(text, rows), planted.rows(text, rows)) };
    };
    return Database.over(this.#pool(owner, this.card.store, tamperOf), { url: '', applicationName: owner });
  }

  /** A switch tells of the end of a call. */
  tell(end: Call['ends'][number], toBytes: (data: CallEnded) => Uint8Array): void {
    const { id, definition, source, key, timeUs, data } = end;
    const event: ReceivedEvent = { id, type: definition.type, source, key, timeUs, dataBytes: toBytes(data) };
    this.edge.keep([event]);
  }

  #drawCardIds(count: number): string[] {
    const digits = () => String(this.chance.below(100_000_000)).padStart(8, '0');
    return Array.from({ length: count }, () => `${digits()}${digits()}`);
  }

  #newsOf<T>([before, after]: readonly [T, T]): T {
    return this.chance.in1000(500) ? before : after;
  }

  #places<Running>(service: string): Place<Running>[] {
    return [1, 2].map((nth) => ({ name: `${service}-${nth}`, skewUs: this.chance.below(2 * skewUsMax) - skewUsMax, lives: 0, process: undefined }));
  }

  #database(owner: string, store: Store): Database {
    return Database.over(this.#pool(owner, store), { url: '', applicationName: owner });
  }

  #pool(owner: string, store: Store, tamper: () => Tamper = () => honest): SessionPool {
    return new SessionPool(owner, (name) => this.scheduler.add(new Session(name, store, tamper())));
  }

  async #ask<Reply>(owner: string, service: 'rating' | 'routing', answer: (owner: string) => Result<Reply, CodedRefusal>): Promise<Result<Reply, CodedRefusal>> {
    const places: readonly Place<{ readonly owner: string }>[] = service === 'rating' ? this.rating.places : this.routing.places;
    const asked = this.chance.oneOf(places.filter(({ process }) => process !== undefined));
    if (asked === undefined || !(await this.scheduler.hop(owner, `asks ${asked.name}`)) || asked.process === undefined) return noAnswer();
    const reply = answer(asked.process.owner);
    return (await this.scheduler.hop(owner, `is answered by ${asked.name}`)) ? reply : noAnswer();
  }
}

function isOf<Running>(places: readonly Place<Running>[], place: Place<CardProcess> | Place<RatingProcess> | Place<RoutingProcess>): place is Place<Running> & typeof place {
  return places.some(({ name }) => name === place.name);
}
