import type { Chance } from './chance.ts';
import type { Mishap, Session } from './postgres/session.ts';

/** A message under way: a request, an answer, a publication or an acknowledgement. */
interface Hop {
  readonly owner: string;
  readonly label: string;
  readonly arrive: (arrived: boolean) => void;
}

/** Of a thousand steps, how many go wrong in which way. */
const per1000 = { aborted: 8, cut: 6, cutAtCommit: 40, lostHop: 60 } as const;

/**
 * The only source of order: everything that waits for a database or for a message waits here, and one of them goes on at a
 * time, drawn by chance. Whatever the code does between two waits happens at once.
 */
export class Scheduler {
  /** Whether things go wrong. */
  faulty = true;
  readonly #chance: Chance;
  readonly #trace: (line: () => string) => void;
  #sessions: Session[] = [];
  #hops: Hop[] = [];

  constructor(chance: Chance, trace: (line: () => string) => void) {
    this.#chance = chance;
    this.#trace = trace;
  }

  add(session: Session): Session {
    this.#sessions.push(session);
    return session;
  }

  /** Waits for a message to get there; false where it is lost. `owner` is the process that waits. */
  hop(owner: string, label: string): Promise<boolean> {
    return new Promise((arrive) => this.#hops.push({ owner, label, arrive }));
  }

  /** A process is no more: what it waited for never comes, and the servers see its connections break. */
  abandon(owner: string): void {
    this.#hops = this.#hops.filter((hop) => hop.owner !== owner);
    for (const session of this.#sessions) if (session.owner === owner) session.abandon();
  }

  /** Lets one thing go on, and all that follows from it at once. False where nothing can. */
  async step(): Promise<boolean> {
    this.#sessions = this.#sessions.filter((session) => !session.over);
    const ready = this.#sessions.filter((session) => session.ready);
    const at = this.#chance.below(ready.length + this.#hops.length);
    const session = ready[at];
    const [hop] = session === undefined ? this.#hops.splice(at - ready.length, 1) : [];
    if (session !== undefined) this.#stepSession(session);
    else if (hop !== undefined) this.#stepHop(hop);
    else return false;
    await settled();
    return true;
  }

  #stepSession(session: Session): void {
    const mishap = this.#mishapOf(session);
    this.#trace(() => `${session.owner}: ${fewWords(session.next)}${mishap === 'none' ? '' : ` (${mishap})`}`);
    session.step(mishap);
  }

  #mishapOf(session: Session): Mishap {
    if (!this.faulty) return 'none';
    const drawn = this.#chance.below(1_000);
    if (session.next === 'COMMIT' && drawn < per1000.cutAtCommit) return drawn % 2 === 0 ? 'cut' : 'cut_after';
    if (session.next === 'ROLLBACK' || session.next.startsWith('BEGIN')) return 'none';
    if (drawn < per1000.aborted) return 'aborted';
    return drawn < per1000.aborted + per1000.cut ? 'cut' : 'none';
  }

  #stepHop({ owner, label, arrive }: Hop): void {
    const arrived = !(this.faulty && this.#chance.in1000(per1000.lostHop));
    this.#trace(() => `${owner}: ${label}${arrived ? '' : ' (lost)'}`);
    arrive(arrived);
  }
}

function fewWords(statement: string): string {
  return statement.replace(/\s+/g, ' ').trim().slice(0, 60);
}

/** Resolves when nothing more follows from what was resolved: microtasks come before the next turn of the event loop. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
