import { Database } from '@tollwire/event-store';
import { honest, Session, SessionPool } from './session.ts';
import type { Store } from './store.ts';

/** A database over the model where nobody else decides when a statement is carried out: each is as soon as it can be. */
export function databaseOver(store: Store): Database {
  const sessions: Session[] = [];
  // What one does may be what another waits for.
  const stepAll = () => {
    for (let ready = sessions; ready.length > 0; ready = sessions.filter((session) => session.ready)) for (const session of ready) session.step();
  };
  const open = (owner: string) => {
    const session = new SelfStepping(owner, store, stepAll);
    sessions.push(session);
    return session;
  };
  return Database.over(new SessionPool('alone', open), { url: '', applicationName: 'alone' });
}

class SelfStepping extends Session {
  readonly #stepAll: () => void;

  constructor(owner: string, store: Store, stepAll: () => void) {
    super(owner, store, honest);
    this.#stepAll = stepAll;
  }

  override query(...asked: Parameters<Session['query']>): ReturnType<Session['query']> {
    const answer = super.query(...asked);
    this.#stepAll();
    return answer;
  }
}
