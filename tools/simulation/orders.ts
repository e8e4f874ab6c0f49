import { create, toBinary } from '@bufbuild/protobuf';
import {
  AuthorizeItemSchema, AuthorizeResultSchema, CallEndedSchema, callKey, CallRefSchema, type ChargedParty, eventIdOf, publicEventOf, publicEvents, ReleaseCallRequestSchema,
} from '@tollwire/contracts';
import { readPending, markPublished } from '../../libs/event-store/src/outbox/pending.ts';
import { publishPage } from '../../libs/event-store/src/outbox/publish-page.ts';
import { type Asked, askedOf } from '../../services/card/src/authorize/asked.ts';
import { decideBatch } from '../../services/card/src/authorize/authorize.ts';
import { extendBatch } from '../../services/card/src/authorize/extend.ts';
import { releaseCall } from '../../services/card/src/authorize/release.ts';
import { expireReservations } from '../../services/card/src/sweeps/expire-reservations.ts';
import { retryParked } from '../../services/rating/src/reactions/retry-parked.ts';
import { type Payer, payers } from './books.ts';
import type { Consumer, Stream } from './bus.ts';
import { givePins, identified, somebody } from './caller-orders.ts';
import { someCard, someOf, someRating } from './instances.ts';
import { deactivate, expire, forfeit, liveOn, orderOfHolder, restore } from './life-orders.ts';
import { decide, pay, propose, redeem, takeBack, topUp } from './money-orders.ts';
import type { CardProcess, RatingProcess } from './processes.ts';
import { rerateOne } from './rerate-one.ts';
import { Violation } from './violation.ts';
import type { Call, World } from './world.ts';

const callsMax = 6;
const second = 1_000_000;
/** Numbers that are sold, one that is sold by a longer prefix, and one that nobody sells. */
const numbers = ['431234567', '34911234567', '436761234567', '431234568', '999123456'];

/** Whether a call to a number can be priced. */
export const isSold = (number: string): boolean => !number.startsWith('999');

/** Something that somebody does, or that happens. */
interface Order {
  readonly weight: number;
  readonly run: (world: World) => void;
}

/** What can happen while things go wrong. */
const orders: readonly Order[] = [
  { weight: 18, run: authorize },
  { weight: 13, run: end },
  { weight: 10, run: extend },
  { weight: 2, run: release },
  { weight: 30, run: (world) => deliver(world) },
  { weight: 8, run: relayCard },
  { weight: 8, run: relayRating },
  { weight: 4, run: (world) => someCard(world, 'expires reservations', ({ deps }) => expireReservations(deps)) },
  { weight: 4, run: (world) => someRating(world, 'retries what it parked', ({ deps }) => retryParked(deps)) },
  { weight: 10, run: rerate },
  { weight: 4, run: tellAgain },
  { weight: 3, run: topUp },
  { weight: 2, run: pay },
  { weight: 2, run: takeBack },
  { weight: 2, run: redeem },
  { weight: 2, run: propose },
  { weight: 3, run: decide },
  { weight: 5, run: forfeit },
  { weight: 3, run: liveOn },
  { weight: 3, run: restore },
  { weight: 3, run: orderOfHolder },
  { weight: 1, run: deactivate },
  { weight: 2, run: expire },
  { weight: 4, run: givePins },
  { weight: 6, run: passTime },
  { weight: 3, run: crash },
  { weight: 8, run: restart },
];

/** One of the things that can happen. */
export function order(world: World): void {
  world.chance.weighed(orders)?.run(world);
}

/** Starts whoever is down. */
export function startAll(world: World): void {
  for (const place of [...world.card.places, ...world.rating.places, ...world.routing.places]) if (place.process === undefined) world.start(place);
}

/** What relays and consumers do of themselves. */
export function carryOn(world: World): void {
  if (world.card.store.rowsOf('outbox_pending').size > 0) relayCard(world);
  if (world.rating.store.rowsOf('outbox_pending').size > 0) relayRating(world);
  deliver(world, 20);
}

/** What sweeps do of themselves, when their time has come. */
export function sweep(world: World): void {
  someRating(world, 'retries what it parked', ({ deps }) => retryParked(deps));
  someCard(world, 'expires reservations', ({ deps }) => expireReservations(deps));
  restore(world);
}

/** A call that is known, or one more. */
function someCall(world: World): Call | undefined {
  if (world.calls.length >= callsMax || (world.calls.length > 0 && world.chance.in1000(500))) return world.chance.oneOf(world.calls);
  const presents = world.chance.in1000(150) ? somebody(world.chance) : undefined;
  const payer = presents !== undefined ? undefined : somePayer(world);
  const number = world.chance.oneOf(numbers);
  if (number === undefined) return undefined;
  const call = { number, callId: `c${world.calls.length + 1}`, presents, payer, allowed: undefined, maxDurationSec: 0, ends: [], extensions: [] };
  world.calls.push(call);
  return call;
}

/** Mostly the card that soon runs dry, or the customer, whose calls are limited: where many share, much goes wrong. */
function somePayer({ chance }: World): Payer | undefined {
  return chance.oneOf(chance.in1000(350) ? payers.slice(0, 1) : chance.in1000(550) ? payers.slice(-2) : payers);
}

/** A switch asks for calls in one batch, some of them perhaps for the second time. */
function authorize(world: World): void {
  const calls = [someCall(world), ...(world.chance.in1000(300) ? [someCall(world)] : [])].flatMap((call) => call ?? []);
  someCard(world, `is asked for ${calls.map(({ callId }) => callId).join(' ')}`, (process) => ask(world, process, calls));
}

async function ask(world: World, process: CardProcess, calls: readonly Call[]): Promise<void> {
  const { owner, deps } = process;
  if (!(await world.scheduler.hop(owner, 'hears the switch'))) return;
  const named = (await Promise.all(calls.map((call) => askedFor(world, process, call)))).flatMap((one) => one ?? []);
  const verdicts = named.length === 0 ? [] : await decideBatch(deps, named.map(({ asked }) => asked));
  if (!(await world.scheduler.hop(owner, 'answers the switch'))) return;
  for (const [at, { call, asked }] of named.entries()) {
    const result = verdicts[at];
    if (result?.result.case !== 'authorized') continue;
    const bytes = toBinary(AuthorizeResultSchema, result);
    if (call.allowed !== undefined && !Buffer.from(call.allowed).equals(bytes)) throw new Violation(`the call ${call.callId} was given two answers`);
    call.allowed = bytes;
    call.maxDurationSec = result.result.value.maxDurationSec;
    call.payer = payerTold(call, asked.charged);
  }
}

/** A call as an instance reads it, with who pays; undefined where it is turned away before. */
async function askedFor(world: World, process: CardProcess, call: Call): Promise<{ readonly call: Call; readonly asked: Asked } | undefined> {
  const { presents, payer, number } = call;
  const who = presents === undefined ? { ...(payer && { charged: { party: payer } }) } : { cli: presents.cli, presented: presents };
  const named = await identified(world, process, create(AuthorizeItemSchema, { call: callRef(call), calledNumber: `+${number}`, ...who }));
  const read = named.ok ? askedOf(named.value, process.clock.nowUs(), undefined) : named;
  return read.ok ? { call, asked: read.value } : undefined;
}

/** Who pays for a call, as its switch was told; whenever it is told again, it is the same. */
function payerTold({ callId, payer }: Call, { party }: ChargedParty): Payer | undefined {
  if (party.case === undefined) return payer;
  if (payer !== undefined && payer.value !== party.value) throw new Violation(`the call ${callId} is paid by ${payer.value}, and by ${party.value}`);
  return { case: party.case, value: party.value };
}

/** A call that is up is to go on: under the next number, or under one that was asked for before, whose answer may be lost. */
function extend(world: World): void {
  const { chance } = world;
  const call = chance.oneOf(world.calls.filter(({ allowed }) => allowed !== undefined));
  if (call === undefined) return;
  const before = chance.in1000(300) ? chance.oneOf(call.extensions) : undefined;
  const extension = before ?? { sequence: call.extensions.length + 1, usedSec: chance.below(call.maxDurationSec + 20), granted: undefined };
  if (before === undefined) call.extensions.push(extension);
  someCard(world, `is asked to extend ${call.callId}, number ${extension.sequence} after ${extension.usedSec} s`, async ({ owner, deps }) => {
    if (!(await world.scheduler.hop(owner, 'hears the switch'))) return;
    const ref = create(CallRefSchema, callRef(call));
    const { sequence, usedSec } = extension;
    const [answer] = await extendBatch(deps, [{ callKey: callKey(ref), call: ref, sequence, usedSec, traceparent: undefined }]);
    if (answer?.ok !== true || !(await world.scheduler.hop(owner, 'answers the switch'))) return;
    const { reservationId, amountNanos, maxDurationSec, validUntil, final } = answer.value;
    const granted = [reservationId, amountNanos, maxDurationSec, validUntil, final].join(' ');
    if (extension.granted !== undefined && extension.granted !== granted) throw new Violation(`extension ${sequence} of ${call.callId} was given two answers`);
    extension.granted = granted;
    call.maxDurationSec = Math.max(call.maxDurationSec, maxDurationSec);
  });
}

/** The switch gives a call up; at times it is told of as if it had been made all the same. */
function release(world: World): void {
  const call = world.chance.oneOf(world.calls);
  if (call === undefined) return;
  someCard(world, `is told that ${call.callId} is given up`, async ({ deps }) => {
    await releaseCall(deps, create(ReleaseCallRequestSchema, { call: callRef(call) }));
  });
}

const callRef = ({ callId }: Call) => ({ switchId: 'sw', callId, leg: 0 });

/** The end of a call is told, once more by another adapter, or with another duration, or of another payer. */
function end(world: World): void {
  const call = someCall(world);
  // Who was never told who pays for a call cannot tell of it.
  if (call?.payer === undefined) return;
  const { chance } = world;
  const payer = chance.in1000(60) ? (chance.oneOf(payers) ?? call.payer) : call.payer;
  // Mostly as long as it was allowed, at times longer, at times not answered at all.
  const longest = call.allowed === undefined || chance.in1000(100) ? 700 : Math.max(1, call.maxDurationSec);
  const talkUs = chance.in1000(100) ? 0 : (1 + chance.below(longest)) * second;
  const answeredAt = talkUs === 0 ? 0 : world.nowUs - talkUs;
  const startedAt = world.nowUs - talkUs - 5 * second;
  const told = publicEventOf(publicEvents.CallEnded, {
    source: `switch/${call.ends.length}`, timeUs: world.nowUs, parts: [call.callId, String(call.ends.length)],
    data: {
      call: callRef(call), charged: { party: payer }, calledNumber: `+${call.number}`, carrierCode: chance.in1000(500) ? 'alpha' : 'beta', q850Cause: 16,
      startedAtUs: BigInt(startedAt), answeredAtUs: BigInt(answeredAt), endedAtUs: BigInt(world.nowUs),
    },
  });
  call.ends.push(told);
  world.trace(() => `the switch tells of the end of ${call.callId} after ${talkUs / second} s, paid by ${payer.value}`);
  world.tell(told, (data) => toBinary(CallEndedSchema, data));
}

/** Some messages reach an instance, those that another is still busy with among them. */
function deliver(world: World, most = 3): void {
  const { settle, rate, enrol } = world.consumers;
  const waiting = [settle, rate, enrol].filter(({ unacknowledged }) => unacknowledged.size > 0);
  const consumer = world.chance.oneOf(waiting);
  if (consumer === undefined) return;
  const seqs = world.chance.someOf([...consumer.unacknowledged.keys()], most);
  const place = consumer === settle ? someOf(world, world.card.places) : someOf(world, world.rating.places);
  if (place === undefined) return;
  const reaction = reactionOf(consumer, place);
  world.run(place.owner, () => world.deliver(consumer, place, reaction, seqs));
}

function reactionOf({ name }: Consumer, process: CardProcess | RatingProcess) {
  if ('settle' in process) return process.settle;
  return name === 'rate' ? process.rate : process.enrol;
}

/** A relay publishes what its outbox holds; for a moment there may be two of them. */
function relayCard(world: World): void {
  someCard(world, 'publishes what waits', (process) => publish(process, world.card.stream, 'card'));
}

function relayRating(world: World): void {
  someRating(world, 'publishes what waits', (process) => publish(process, world.rating.stream, 'rating'));
}

async function publish({ owner, database }: CardProcess | RatingProcess, stream: Stream, service: string): Promise<void> {
  const { rows } = await readPending(database, 0n);
  const { published } = await publishPage(stream.publisherOf(owner), service, rows, 0);
  await markPublished(database, 'once', published);
}

function rerate(world: World): void {
  const keys = [...world.rating.store.rowsOf('rated_call').values()].map((row) => String(row['call_key']));
  const callKey = world.chance.oneOf(keys);
  if (callKey !== undefined) someRating(world, `rates ${callKey} again`, (process) => rerateOne(process.deps, callKey));
}

/** A rating that was told comes under another id, as from a rating service that was restored from a backup. */
function tellAgain(world: World): void {
  const message = world.chance.oneOf(world.rating.stream.messages);
  if (message === undefined) return;
  const copy = world.rating.stream.messages.length;
  world.trace(() => `the ratings of message ${message.seq} are told again`);
  world.rating.stream.keep(message.events.map((event) => ({ ...event, id: eventIdOf('copy', event.timeUs, [event.id, String(copy)]) })));
}

function passTime(world: World): void {
  world.nowUs += (world.chance.in1000(250) ? 700 : world.chance.below(30)) * second;
}

function crash(world: World): void {
  const place = world.chance.oneOf([...world.card.places, ...world.rating.places, ...world.routing.places]);
  if (place !== undefined) world.crash(place);
}

function restart(world: World): void {
  const place = world.chance.oneOf([...world.card.places, ...world.rating.places, ...world.routing.places].filter(({ process }) => process === undefined));
  if (place === undefined) return;
  world.start(place);
  world.trace(() => `${place.process?.owner ?? ''} starts`);
}
