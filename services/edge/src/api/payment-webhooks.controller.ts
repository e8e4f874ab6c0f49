import { Controller, Inject, Param, Post, Req } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiTags } from '@nestjs/swagger';
import { PaymentSchema } from '@tollwire/contracts';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { EDGE, type EdgeDeps } from '../edge.deps.ts';
import { Answers } from '../http/answers.ts';
import { parsed } from '../http/parse.ts';
import { partyOf } from '../http/parties.ts';
import { Refused } from '../http/refused.ts';
import { type Json, reply } from '../http/reply.ts';
import { replyComponents } from '../http/reply-schema.ts';
import { type PaymentEvent, paymentEvent } from '../webhooks/payment-event.schema.ts';
import { signatureRefusal } from '../webhooks/signature.ts';
import * as parse from './money.schema.ts';

replyComponents.set('PaymentEvent', z.toJSONSchema(paymentEvent, { target: 'openapi-3.0', io: 'input' }));

/** Where providers of payments tell what has been paid. They have no key: they sign. */
@ApiTags('payments')
@Controller('webhooks/payments')
export class PaymentWebhooksController {
  private readonly edge: EdgeDeps;

  constructor(@Inject(EDGE) edge: EdgeDeps) {
    this.edge = edge;
  }

  @Post(':provider')
  @ApiHeader({ name: 'tollwire-signature', required: true, description: 't=<seconds since 1970>,v1=<hex of HMAC-SHA-256 over "<t>.<body>" with the secret of the provider>' })
  @ApiBody({ required: true, schema: { $ref: '#/components/schemas/PaymentEvent' } })
  @Answers({
    summary: 'Tell of a payment, a refund or a chargeback',
    description: 'Signed by the provider, without a key. Told again, it counts once and is answered the same. Tell it again after a 5xx, and after a 404, too: ' +
      'a refund may come before its payment, a payment before its account. What is refused with another 4xx would be refused again.',
    reply: PaymentSchema,
    refusals: [
      'unknown_payment_provider', 'signature_invalid', 'signature_stale', 'unknown_card', 'unknown_account', 'unknown_payment', 'payment_reversed',
      'currency_mismatch', 'amount_malformed', 'idempotency_mismatch',
    ],
  })
  async takeEvent(@Param({ schema: parse.providerPath }) { provider }: parse.ProviderPath, @Req() request: FastifyRequest): Promise<Json> {
    return await this.told(provider, parsed(paymentEvent, this.proved(provider, request)));
  }

  /** The body of a request that the provider has signed. */
  private proved(provider: string, { body, headers }: FastifyRequest): unknown {
    const secrets = this.edge.webhookSecrets.get(provider);
    if (secrets === undefined) throw new Refused({ code: 'unknown_payment_provider', detail: 'Name the provider in PAYMENT_WEBHOOK_SECRETS of the edge.' });
    if (!Buffer.isBuffer(body)) throw new Refused({ code: 'unsupported_media_type', detail: 'Send the event as application/json.' });
    const signature = headers['tollwire-signature'];
    const refusal = signatureRefusal(typeof signature === 'string' ? signature : undefined, secrets, body, this.edge.clock.nowUs());
    if (refusal !== null) throw new Refused(refusal);
    return jsonOf(body);
  }

  private async told(provider: string, event: PaymentEvent): Promise<Json> {
    const { money } = this.edge.ask;
    const by = `provider:${provider}`;
    const { paymentId } = event;
    if (event.type === 'payment.paid') {
      return reply(PaymentSchema, await money.takePayment({ provider, paymentId, party: partyOf(event), amount: event.amount, by, signedByProvider: true }));
    }
    const kind = event.type === 'payment.refunded' ? 'refund' : 'chargeback';
    const amount = event.amount === undefined ? {} : { amount: event.amount };
    return reply(PaymentSchema, await money.reversePayment({ provider, reversalId: event.id, paymentId, kind, ...amount, by }));
  }
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new Refused({ code: 'request_malformed', detail: 'The body is no JSON.' });
  }
}
