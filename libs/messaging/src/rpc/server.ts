import { create, type DescMethod, type DescService, fromBinary, type Message, toBinary } from '@bufbuild/protobuf';
import { context, type Context, SpanKind, trace } from '@opentelemetry/api';
import { headers, type Msg, type MsgHdrs, nuid, type Subscription } from '@nats-io/transport-node';
import type { CodedRefusal } from '@tollwire/contracts';
import { assert, ok, present, refuse, type Result } from '@tollwire/core';
import type { Bus } from '../bus.ts';
import { busTracer, contextOfHeaders, currentTraceparent, failSpan } from '../trace.ts';
import type { AnsweredRequest, RequestContext, ServiceImplementation } from './types.ts';
import { UnderWay } from './under-way.ts';
import { memberOf, refusalBytes, refusalHeader, type RpcAddress, serviceNameOf, subjectsOf } from './wire.ts';

export interface ServeOptions extends RpcAddress {
  /** Told of everything that a handler threw; the asker gets `internal_error` with the same correlation id. */
  readonly onError?: (error: unknown, about: { readonly method: string; readonly correlationId: string }) => void;
  /** Told of every request when its answer is on its way. */
  readonly onAnswered?: (request: AnsweredRequest) => void;
  /** Requests under way at a time, above which the answer is `service_unavailable`. Default 1,000. */
  readonly inFlightMax?: number;
}

/** A service that answers requests. */
export interface Served {
  readonly inFlight: number;
  /** Takes no more requests, answers those under way, and resolves. */
  stop(): Promise<void>;
}

type AnyHandler = (request: Message, about: RequestContext) => Promise<Result<Record<string, unknown>, CodedRefusal>>;

/**
 * Answers the methods of a proto service on NATS, together with all other instances of the same service (queue group).
 * Whatever a handler does, the asker gets an answer and the process lives on.
 */
export function serve<Service extends DescService>(
  bus: Bus,
  descriptor: Service,
  implementation: ServiceImplementation<Service>,
  options: ServeOptions,
): Served {
  const server = new RpcServer(bus, descriptor, options);
  server.listen(implementation);
  return server;
}

class RpcServer implements Served {
  readonly #bus: Bus;
  readonly #descriptor: DescService;
  readonly #options: ServeOptions;
  readonly #inFlightMax: number;
  readonly #service: string;
  readonly #underWay = new UnderWay();
  #subscriptions: Subscription[] = [];

  constructor(bus: Bus, descriptor: DescService, options: ServeOptions) {
    this.#bus = bus;
    this.#descriptor = descriptor;
    this.#options = options;
    this.#inFlightMax = options.inFlightMax ?? 1000;
    this.#service = serviceNameOf(descriptor, options);
  }

  get inFlight(): number {
    return this.#underWay.count;
  }

  /** `implementation` is checked by its type where it is passed to `serve`; here all its methods have one shape. */
  listen(implementation: unknown): void {
    const queue = this.#service;
    const subjects = subjectsOf(this.#descriptor, this.#options);
    this.#subscriptions = this.#descriptor.methods.map((method) => {
      const handler = memberOf(implementation, method.localName);
      assert(isHandler(handler), `${this.#descriptor.typeName} has a handler for ${method.name}`);
      return this.#bus.connection.subscribe(present(subjects.get(method.localName), 'a subject'), {
        queue,
        callback: (error, message) => {
          if (error === null) this.#take(method, handler, message);
          else this.#options.onError?.(error, { method: method.name, correlationId: '' });
        },
      });
    });
  }

  async stop(): Promise<void> {
    const { connection } = this.#bus;
    const open = this.#subscriptions.filter((subscription) => !subscription.isClosed() && !subscription.isDraining());
    if (!connection.isClosed()) await Promise.all(open.map((subscription) => subscription.drain()));
    await this.#underWay.idle();
    if (!connection.isClosed()) await connection.flush();
  }

  #take(method: DescMethod, handler: AnyHandler, message: Msg): void {
    if (this.#underWay.count >= this.#inFlightMax) {
      this.#reply(message, refuse({ code: 'service_unavailable', detail: 'Too many requests are under way; ask again' }));
      this.#measured(method, 'service_unavailable', performance.now());
      return;
    }
    this.#underWay.add(this.#answer(method, handler, message));
  }

  async #answer(method: DescMethod, handler: AnyHandler, message: Msg): Promise<void> {
    const parent = contextOfHeaders(message.headers);
    const attributes = { 'rpc.system': 'nats', 'rpc.service': this.#descriptor.typeName, 'rpc.method': method.name };
    const span = busTracer().startSpan(
      `${this.#descriptor.typeName}/${method.name}`,
      { kind: SpanKind.SERVER, attributes },
      parent,
    );
    const correlationId = nuid.next();
    const startedMs = performance.now();
    let outcome = 'internal_error';
    try {
      const answer = await this.#handled(method, handler, message, trace.setSpan(parent, span), correlationId);
      if (!answer.ok) span.setAttribute('tollwire.refusal', answer.refusal.code);
      this.#reply(message, answer);
      outcome = answer.ok ? 'ok' : answer.refusal.code;
    } catch (error) {
      failSpan(span, error);
      this.#fail(message, error, { method: method.name, correlationId });
    } finally {
      span.end();
      this.#measured(method, outcome, startedMs);
    }
  }

  #measured({ name }: DescMethod, outcome: string, startedMs: number): void {
    this.#options.onAnswered?.({ service: this.#service, method: name, outcome, durationMs: performance.now() - startedMs });
  }

  async #handled(
    method: DescMethod,
    handler: AnyHandler,
    message: Msg,
    at: Context,
    correlationId: string,
  ): Promise<Result<Uint8Array, CodedRefusal>> {
    const request = parsed(method, message.data);
    if (!request.ok) return request;
    const traceparent = currentTraceparent(at) ?? (message.headers?.get('traceparent') || undefined);
    const about = { method: method.name, correlationId, ...(traceparent === undefined ? {} : { traceparent }) };
    const answer = await context.with(at, () => handler(request.value, about));
    return answer.ok ? ok(toBinary(method.output, create(method.output, answer.value))) : answer;
  }

  #fail(message: Msg, error: unknown, about: { method: string; correlationId: string }): void {
    try {
      this.#options.onError?.(error, about);
    } finally {
      const { correlationId } = about;
      this.#reply(
        message,
        refuse({ code: 'internal_error', detail: `Look for ${correlationId} in the log`, facts: { correlationId } }),
      );
    }
  }

  #reply(message: Msg, answer: Result<Uint8Array, CodedRefusal>): void {
    if (this.#bus.connection.isClosed()) return;
    const sizeMax = this.#bus.connection.info?.max_payload ?? Number.POSITIVE_INFINITY;
    if (!answer.ok) message.respond(refusalBytes(answer.refusal), { headers: refusalHeaders(answer.refusal.code) });
    else if (answer.value.length <= sizeMax) message.respond(answer.value);
    else this.#reply(message, refuse({ code: 'reply_too_large', facts: { bytes: String(answer.value.length) } }));
  }
}

function isHandler(member: unknown): member is AnyHandler {
  return typeof member === 'function';
}

function parsed(method: DescMethod, bytes: Uint8Array): Result<Message, CodedRefusal> {
  try {
    return ok(fromBinary(method.input, bytes));
  } catch (error) {
    return refuse({ code: 'request_malformed', detail: error instanceof Error ? error.message : String(error) });
  }
}

function refusalHeaders(code: string): MsgHdrs {
  const made = headers();
  made.set(refusalHeader, code);
  return made;
}
