import { create, type DescMethod, type DescService, fromBinary, type Message, toBinary } from '@bufbuild/protobuf';
import { context, type Span, SpanKind, trace } from '@opentelemetry/api';
import type { CodedRefusal } from '@tollwire/contracts';
import { assert, ok, present, refuse, type Result } from '@tollwire/core';
import type { Bus } from '../bus.ts';
import { busTracer, failSpan, linksUnderWay, traceHeaders } from '../trace.ts';
import { requestsOf } from './requests.ts';
import type { AnsweredRequest, Asker, AskOptions } from './types.ts';
import { memberOf, refusalHeader, refusalOfBytes, type RpcAddress, serviceNameOf, subjectsOf } from './wire.ts';

const timeoutMsDefault = 2000;

export interface AskerOptions extends RpcAddress {
  /** Told of every request when its answer is here, or it is clear that none comes. */
  readonly onAnswered?: (request: AnsweredRequest) => void;
}

/**
 * Asks a proto service over NATS. Every method resolves to the reply or a refusal and never rejects: no instance, no
 * answer in time and a broken connection are `service_unavailable`, a request above the server's limit is
 * `request_too_large` and is not sent.
 */
export function askerOf<Service extends DescService>(descriptor: Service, bus: Bus, options: AskerOptions): Asker<Service> {
  const subjects = subjectsOf(descriptor, options);
  const methods = descriptor.methods.map((method) => {
    const asked = new AskedMethod(bus, method, present(subjects.get(method.localName), 'a subject'), options);
    return [method.localName, asked.ask.bind(asked)];
  });
  const asker: unknown = Object.fromEntries(methods);
  assert(asksAll(descriptor, asker), `an asker has every method of ${descriptor.typeName}`);
  return asker;
}

/** Made of the same descriptor as the type is; the compiler cannot follow that through `fromEntries`. */
function asksAll<Service extends DescService>(descriptor: Service, asker: unknown): asker is Asker<Service> {
  return descriptor.methods.every(({ localName }) => typeof memberOf(asker, localName) === 'function');
}

class AskedMethod {
  readonly #bus: Bus;
  readonly #method: DescMethod;
  readonly #subject: string;
  readonly #options: AskerOptions;
  readonly #service: string;
  readonly #spanName: string;
  readonly #attributes: Readonly<Record<string, string>>;

  constructor(bus: Bus, method: DescMethod, subject: string, options: AskerOptions) {
    this.#bus = bus;
    this.#method = method;
    this.#subject = subject;
    this.#options = options;
    this.#service = serviceNameOf(method.parent, options);
    this.#spanName = `${method.parent.typeName}/${method.name}`;
    this.#attributes = { 'rpc.system': 'nats', 'rpc.service': method.parent.typeName, 'rpc.method': method.name };
  }

  async ask(request: Record<string, unknown>, options: AskOptions = {}): Promise<Result<Message, CodedRefusal>> {
    const span = busTracer().startSpan(this.#spanName, { kind: SpanKind.CLIENT, attributes: this.#attributes, links: [...linksUnderWay()] });
    const startedMs = performance.now();
    const answer = await this.#sent(request, options.timeoutMs ?? timeoutMsDefault, span);
    span.end();
    const outcome = answer.ok ? 'ok' : answer.refusal.code;
    this.#options.onAnswered?.({ service: this.#service, method: this.#method.name, outcome, durationMs: performance.now() - startedMs });
    return answer;
  }

  async #sent(request: Record<string, unknown>, timeoutMs: number, span: Span): Promise<Result<Message, CodedRefusal>> {
    try {
      return await this.#send(request, timeoutMs, span);
    } catch (error) {
      failSpan(span, error);
      return refuse({ code: 'service_unavailable', detail: error instanceof Error ? error.message : String(error), facts: { subject: this.#subject } });
    }
  }

  async #send(request: Record<string, unknown>, timeoutMs: number, span: Span): Promise<Result<Message, CodedRefusal>> {
    const { connection } = this.#bus;
    const payload = toBinary(this.#method.input, create(this.#method.input, request));
    const sizeMax = connection.info?.max_payload ?? Number.POSITIVE_INFINITY;
    if (payload.length > sizeMax) {
      return refuse({ code: 'request_too_large', facts: { bytes: String(payload.length), bytesMax: String(sizeMax) } });
    }
    const headers = traceHeaders(trace.setSpan(context.active(), span));
    const reply = await requestsOf(this.#bus).ask(this.#subject, payload, { timeoutMs, headers });
    if (!reply.ok) {
      failSpan(span, reply.refusal.detail ?? reply.refusal.code);
      return reply;
    }
    const { headers: told, data } = reply.value;
    if (told?.has(refusalHeader) !== true) return ok(fromBinary(this.#method.output, data));
    const refusal = refusalOfBytes(data);
    span.setAttribute('tollwire.refusal', refusal.code);
    return refuse(refusal);
  }
}
