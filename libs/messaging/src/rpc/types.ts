import type { DescMethod, DescService, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import type { CodedRefusal } from '@tollwire/contracts';
import type { Result } from '@tollwire/core';

/** What a handler knows about a request besides its content. */
export interface RequestContext {
  /** The method's protobuf name: `Authorize`. */
  readonly method: string;
  /** Names this request in logs; goes back to the asker with an `internal_error`. */
  readonly correlationId: string;
  /** The W3C trace context that came with the request. */
  readonly traceparent?: string;
}

/** What a handler answers: a reply, or a published refusal with its facts. */
export type Answer<Method extends DescMethod> = Result<MessageInitShape<Method['output']>, CodedRefusal>;

/** Answers one method of a service. What it throws becomes an `internal_error` and never ends the process. */
export type MethodHandler<Method extends DescMethod> = (
  request: MessageShape<Method['input']>,
  context: RequestContext,
) => Promise<Answer<Method>>;

/** Answers every method of a service, by their names in camel case. */
export type ServiceImplementation<Service extends DescService> = {
  readonly [Name in keyof Service['method']]: MethodHandler<Service['method'][Name]>;
};

/** A request that has got its answer, for whoever measures. */
export interface AnsweredRequest {
  /** The service that answers: `card`. */
  readonly service: string;
  /** The method's protobuf name: `Authorize`. */
  readonly method: string;
  /** `ok`, or the code of the refusal. */
  readonly outcome: string;
  readonly durationMs: number;
}

export interface AskOptions {
  /** Milliseconds after which the answer is `service_unavailable`; 2,000 where nothing is said. */
  readonly timeoutMs?: number;
}

/** Asks one method of a service. Resolves to the reply or a refusal; never rejects. */
export type MethodAsker<Method extends DescMethod> = (
  request: MessageInitShape<Method['input']>,
  options?: AskOptions,
) => Promise<Result<MessageShape<Method['output']>, CodedRefusal>>;

/** Asks every method of a service, by their names in camel case. */
export type Asker<Service extends DescService> = {
  readonly [Name in keyof Service['method']]: MethodAsker<Service['method'][Name]>;
};
