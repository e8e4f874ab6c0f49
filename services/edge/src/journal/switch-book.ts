import type { CodedRefusal } from '@tollwire/contracts';
import { type Clock, unreachable } from '@tollwire/core';
import { type LocalClock, localClockOf } from '@tollwire/telecom';
import type { EdgeAskers } from '../edge.deps.ts';
import type { CallMessage } from './call-event.schema.ts';

/** How the clock of a switch goes. */
export interface SwitchClock {
  /** Of its local times; undefined: UTC. */
  readonly zone: LocalClock | undefined;
  /** How far it is ahead of ours, in microseconds. */
  readonly skewUs: bigint;
}

/** What is known of switches at one moment. */
export interface KnownSwitches {
  readonly clocks: ReadonlyMap<string, SwitchClock>;
  /** Whether what another switch tells is refused. Not where nobody could be asked which there are: then it is taken, and parked if need be. */
  readonly refusesOthers: boolean;
  /** What is taken off numbers before anybody looks them up, the longest first. */
  readonly removedPrefixes: readonly string[];
}

/** So long what cdr said of switches is believed. */
const believedUs = 5_000_000;

export interface SwitchBookDeps {
  readonly cdr: Pick<EdgeAskers['cdr'], 'listSwitches'>;
  readonly clock: Clock;
  readonly refusesUnknown: boolean;
}

/** The switches that cdr knows, looked up every five seconds at most, and behind who asks: nobody waits, but the first. */
export class SwitchBook {
  readonly #deps: SwitchBookDeps;
  #known: KnownSwitches = { clocks: new Map(), refusesOthers: false, removedPrefixes: [] };
  #atUs: number | undefined;
  #asking: Promise<void> | undefined;
  #hasAsked = false;

  constructor(deps: SwitchBookDeps) {
    this.#deps = deps;
  }

  /** What is known now. */
  async known(): Promise<KnownSwitches> {
    const nowUs = this.#deps.clock.nowUs();
    if (this.#atUs === undefined || nowUs - this.#atUs >= believedUs || nowUs < this.#atUs) {
      this.#atUs = nowUs;
      this.#asking ??= this.#ask().finally(() => (this.#asking = undefined));
    }
    if (!this.#hasAsked) await this.#asking;
    return this.#known;
  }

  /** A switch was set here: the next one who asks waits for what is so now. */
  forget(): void {
    this.#atUs = undefined;
    this.#hasAsked = false;
  }

  async #ask(): Promise<void> {
    const answer = await this.#deps.cdr.listSwitches({}, { timeoutMs: 2_000 });
    this.#hasAsked = true;
    // What was known stays where cdr does not answer.
    if (!answer.ok) return;
    const removedPrefixes = answer.value.removedPrefixes.map(({ prefix }) => prefix).toSorted((one, other) => other.length - one.length);
    this.#known = { clocks: clocksOf(answer.value.switches), refusesOthers: this.#deps.refusesUnknown, removedPrefixes };
  }
}

/** The clocks of switches, by their names, as they are set. */
export function clocksOf(switches: readonly { readonly name: string; readonly zone: string; readonly skewMs: number }[]): KnownSwitches['clocks'] {
  return new Map(switches.map(({ name, zone, skewMs }) => [name, { zone: zone === '' ? undefined : localClockOf(zone), skewUs: BigInt(skewMs) * 1_000n }]));
}

/** Why nothing is taken of a switch; undefined where it is. */
export function strangerIn({ clocks, refusesOthers }: KnownSwitches, switchId: string): CodedRefusal | undefined {
  if (!refusesOthers || clocks.has(switchId)) return undefined;
  return { code: 'unknown_switch', field: 'switchId', detail: 'The switch is not registered, and switches are not registered as they are seen first.', facts: { switchId } };
}

/** A number without the longest prefix that is to be taken off, once; as it is where nothing would be left to dial. */
export function withoutPrefix(dialled: string, { removedPrefixes }: Pick<KnownSwitches, 'removedPrefixes'>): string {
  if (removedPrefixes.length === 0) return dialled;
  const number = dialled.trimStart();
  const prefix = removedPrefixes.find((each) => number.startsWith(each));
  const rest = prefix === undefined ? '' : number.slice(prefix.length);
  return /\d/.test(rest) ? rest : dialled;
}

/**
 * What a switch told as it is journalled, in place: times set back by what its clock is ahead of ours (what is not told stays untold), the
 * called number without what is to be taken off.
 */
export function asJournalled<Message extends CallMessage>(message: Message, known: KnownSwitches): Message {
  const { clocks } = known;
  if (message.$typeName === 'tollwire.call.v1.CallStarted' || message.$typeName === 'tollwire.call.v1.CallEnded') message.calledNumber = withoutPrefix(message.calledNumber, known);
  const skewUs = clocks.size === 0 ? 0n : (clocks.get(message.call?.switchId ?? '')?.skewUs ?? 0n);
  if (skewUs !== 0n) setBack(message, skewUs);
  return message;
}

function setBack(message: CallMessage, skewUs: bigint): void {
  const back = (us: bigint) => (us === 0n ? 0n : us - skewUs);
  switch (message.$typeName) {
    case 'tollwire.call.v1.CallStarted':
      message.startedAtUs = back(message.startedAtUs);
      return;
    case 'tollwire.call.v1.CallRinging':
      message.ringingAtUs = back(message.ringingAtUs);
      return;
    case 'tollwire.call.v1.CallAnswered':
      message.answeredAtUs = back(message.answeredAtUs);
      return;
    case 'tollwire.call.v1.CallEnded':
      message.startedAtUs = back(message.startedAtUs);
      message.answeredAtUs = back(message.answeredAtUs);
      message.endedAtUs = back(message.endedAtUs);
      for (const attempt of message.attempts) {
        attempt.startedAtUs = back(attempt.startedAtUs);
        attempt.endedAtUs = back(attempt.endedAtUs);
      }
      return;
    default:
      unreachable(message);
  }
}
