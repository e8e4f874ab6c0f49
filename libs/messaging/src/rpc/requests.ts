import { type Msg, type MsgHdrs, type NatsConnection, nuid } from '@nats-io/transport-node';
import type { CodedRefusal } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import type { Bus } from '../bus.ts';
import { Places } from './places.ts';

/** A message, or why none came. */
export type Reply = Result<Msg, CodedRefusal>;

interface Waiting {
  readonly subject: string;
  readonly resolve: (reply: Reply) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * The requests of one connection that wait for their replies, all of them through one inbox. The client's own `request` makes three promises and an
 * error with its stack for each request, answered or not, which is as much work as all else that asking takes.
 */
export class Requests {
  readonly #connection: NatsConnection;
  readonly #inbox: string;
  readonly #waiting = new Places<Waiting>();

  constructor({ connection, inboxPrefix }: Pick<Bus, 'connection' | 'inboxPrefix'>) {
    this.#connection = connection;
    this.#inbox = `${inboxPrefix}.${nuid.next()}.`;
    connection.subscribe(`${this.#inbox}*`, {
      callback: (error, message) => {
        if (error === null) this.#take(message);
        else this.#refuseAll(error.message);
      },
    });
    void connection.closed().then(() => this.#refuseAll('The connection is closed'));
  }

  /** Sends a request. Resolves to its reply, or to service_unavailable where nobody serves the subject, no reply comes in time, or the connection is gone. Never rejects. */
  ask(subject: string, payload: Uint8Array, { timeoutMs, headers }: { readonly timeoutMs: number; readonly headers?: MsgHdrs | undefined }): Promise<Reply> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#settle(token, unavailable('The service did not answer in time', subject)), timeoutMs);
      const token = this.#waiting.put({ subject, resolve, timer });
      try {
        this.#connection.publish(subject, payload, { reply: this.#inbox + token, ...(headers === undefined ? {} : { headers }) });
      } catch (error) {
        this.#settle(token, unavailable(error instanceof Error ? error.message : String(error), subject));
      }
    });
  }

  /** A server that knows no one who serves a subject says so at once: an empty message with the status 503. */
  #take(message: Msg): void {
    const token = message.subject.slice(this.#inbox.length);
    const subject = this.#waiting.at(token)?.subject;
    if (subject === undefined) return;
    const nobody = message.data.length === 0 && message.headers?.code === 503;
    this.#settle(token, nobody ? unavailable('No instance of the service is running', subject) : ok(message));
  }

  #settle(token: string, reply: Reply): void {
    const waiting = this.#waiting.take(token);
    if (waiting === undefined) return;
    clearTimeout(waiting.timer);
    waiting.resolve(reply);
  }

  #refuseAll(detail: string): void {
    for (const token of this.#waiting.names()) this.#settle(token, unavailable(detail, this.#waiting.at(token)?.subject ?? ''));
  }
}

const byConnection = new WeakMap<NatsConnection, Requests>();

/** Those of a connection; the first who asks makes its inbox. */
export function requestsOf(bus: Pick<Bus, 'connection' | 'inboxPrefix'>): Requests {
  const known = byConnection.get(bus.connection);
  if (known !== undefined) return known;
  const made = new Requests(bus);
  byConnection.set(bus.connection, made);
  return made;
}

function unavailable(detail: string, subject: string): Reply {
  return refuse({ code: 'service_unavailable', detail, facts: { subject } });
}
