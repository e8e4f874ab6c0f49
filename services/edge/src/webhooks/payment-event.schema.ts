import { z } from 'zod';
import { onePayer, partyFields } from '../http/parties.ts';
import { positiveMoney, text } from '../http/primitives.ts';

const id = text(128);

/** Somebody has paid for a card or an account. `paymentId` counts once, however often and under whatever `id` it is told. */
const paid = z.strictObject({ id, type: z.literal('payment.paid'), paymentId: id, ...partyFields, amount: positiveMoney }).check(onePayer);

/** A payment, or a part of it, has gone back. `id` counts once. Without an amount, all that is left of the payment. */
const reversed = z.strictObject({ id, type: z.enum(['payment.refunded', 'payment.charged_back']), paymentId: id, amount: positiveMoney.optional() });

/** What a provider tells of payments, in one form for all providers. */
export const paymentEvent = z.discriminatedUnion('type', [paid, reversed]);
export type PaymentEvent = z.output<typeof paymentEvent>;
