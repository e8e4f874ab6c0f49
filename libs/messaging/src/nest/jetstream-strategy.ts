import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import type { ReceivedEvent } from '@tollwire/contracts';
import { present } from '@tollwire/core';
import { lastValueFrom } from 'rxjs';
import { BatchConsumer } from '../consumer/batch-consumer.ts';
import type { BatchConsumerOptions } from '../consumer/options.ts';

/** Where the events of a handler come from: the consumer's options without its name and handler. */
export type JetStreamSubscription = Omit<BatchConsumerOptions, 'bus' | 'durable' | 'handle'>;

export interface JetStreamStrategyOptions extends Pick<BatchConsumerOptions, 'bus'> {
  /** By the pattern of `@EventPattern(...)`, which names the durable consumer. */
  readonly subscriptions: Readonly<Record<string, JetStreamSubscription>>;
}

/** What a handler gets beside the events, as `@Ctx()`. */
export interface JetStreamBatchContext {
  readonly durable: string;
  readonly stream: string;
}

/**
 * JetStream for NestJS, with batches: `@EventPattern('rating-rate-calls')` gets what has arrived for that durable
 * consumer as one `ReceivedEvent[]`. Acknowledged when the handler is done; see BatchConsumer for what happens when it throws.
 */
export class JetStreamStrategy extends Server implements CustomTransportStrategy {
  readonly #options: JetStreamStrategyOptions;
  #consumers: BatchConsumer[] = [];

  constructor(options: JetStreamStrategyOptions) {
    super();
    this.#options = options;
  }

  /** The consumers that run, for metrics. */
  get consumers(): readonly BatchConsumer[] {
    return this.#consumers;
  }

  /** Starts one consumer for each handler. Fails where a handler has no subscription, or the other way round. */
  listen(callback: (error?: unknown) => void): void {
    this.#start().then(() => callback(), callback);
  }

  async #start(): Promise<void> {
    const { subscriptions } = this.#options;
    for (const pattern of this.messageHandlers.keys()) present(subscriptions[pattern], `a subscription for ${pattern}`);
    this.#consumers = Object.entries(subscriptions).map(([durable, subscription]) => this.#consumerOf(durable, subscription));
    await Promise.all(this.#consumers.map((consumer) => consumer.start()));
  }

  #consumerOf(durable: string, subscription: JetStreamSubscription): BatchConsumer {
    const handler = present(this.messageHandlers.get(durable), `a handler for ${durable}`);
    const about: JetStreamBatchContext = { durable, stream: subscription.stream.name };
    const handle = async (events: readonly ReceivedEvent[]) => {
      const answers = this.transformToObservable(await handler(events, about));
      await lastValueFrom(answers, { defaultValue: undefined });
    };
    return new BatchConsumer({ ...subscription, bus: this.#options.bus, durable, handle });
  }

  /** Finishes the batches under way. */
  async close(): Promise<void> {
    await Promise.all(this.#consumers.map((consumer) => consumer.stop()));
    this.#consumers = [];
  }

  on(): never {
    throw new Error('JetStreamStrategy has no events; its consumers report by onNotice');
  }

  unwrap(): never {
    throw new Error('JetStreamStrategy is given its connection; ask the bus that it was made with');
  }
}
