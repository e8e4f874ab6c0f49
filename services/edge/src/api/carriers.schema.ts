import { z } from 'zod';
import { atMostOnePayer, isNamed, onePlan, partyFields, planFields } from '../http/parties.ts';
import { at, carrierCode, currency, dialled, knownAt, needs, portability, price, switchId, text, title, whole } from '../http/primitives.ts';

/** A number as it is dialled; on a switch or trunk, by its rules. */
const numberFields = {
  calledNumber: dialled,
  switchId: switchId.optional().meta({ description: 'Reads the number by the rules of this switch.' }),
  trunk: text(64).optional().meta({ description: 'Or of this trunk of it.' }),
};
export type NumberAsked = Pick<Quote, keyof typeof numberFields>;

/** By a plan, by that of somebody who pays, or by a plan beside the free seconds of somebody. */
function planOrPayer(context: z.core.ParsePayload<Parameters<typeof onePlan>[0]['value'] & Parameters<typeof atMostOnePayer>[0]['value']>): void {
  const { cardId, accountCode, tariffId, voipPlanId } = context.value;
  atMostOnePayer(context);
  if (!isNamed(cardId, accountCode) || isNamed(tariffId, voipPlanId)) onePlan(context);
}

/** Nobody would look at the trunk of a switch that is not told. */
function trunkOfSwitch(context: z.core.ParsePayload<{ switchId?: string | undefined; trunk?: string | undefined }>): void {
  const { switchId, trunk } = context.value;
  if (trunk !== undefined && switchId === undefined) context.issues.push({ code: 'custom', message: 'is missing: a trunk is of a switch', input: undefined, path: ['switchId'] });
}

/** What a call to this number would cost: with a duration its price, without one the terms; with a payer, beside their free seconds. */
export const quote = z
  .strictObject({ ...planFields, ...partyFields, ...numberFields, at, knownAt, durationSec: whole(0, 604_800).default(0) })
  .check(planOrPayer, trunkOfSwitch);
export type Quote = z.output<typeof quote>;

/** A rate without its currency is no measure, and a currency by itself measures nothing. */
function sellRateWhole(context: z.core.ParsePayload<{ sellRatePerMin?: bigint | undefined; sellCurrency?: string | undefined }>): void {
  const { sellRatePerMin, sellCurrency } = context.value;
  if ((sellRatePerMin === undefined) === (sellCurrency === undefined)) return;
  const path = [sellCurrency === undefined ? 'sellCurrency' : 'sellRatePerMin'];
  context.issues.push({ code: 'custom', message: 'is missing: a sell rate and its currency go together', input: undefined, path });
}

/** What shares by weight are drawn from; authorize gives the switch, the call id and the leg. */
const callKey = text(600).optional().meta({ description: 'Where shares are by weight: the order of the call that is named so, as "switch/call id/leg".' });

const cli = z.union([z.literal(''), text(64)]).optional().meta({ description: 'The calling number, for gateways that want another caller id; empty where it is withheld.' });

/**
 * Which carriers a call to this number would take; with a sell rate those that would lose money are told. For somebody who pays it is
 * their plan and what it sells for, as when a call of theirs is authorized.
 */
export const route = z
  .strictObject({
    ...planFields, ...partyFields, ...numberFields, ...portability, ...needs, cli, at,
    sellRatePerMin: price.optional().meta({ description: 'In place of all that the plan sells for.' }), sellCurrency: currency.optional(), callKey,
  })
  .check(planOrPayer, sellRateWhole, trunkOfSwitch);
export type Route = z.output<typeof route>;

const callerId = z
  .discriminatedUnion('rule', [
    z.strictObject({ rule: z.literal('keep') }),
    z.strictObject({ rule: z.literal('replace'), number: z.string().regex(/^\+?\d{1,20}$/, 'must be 1 to 20 digits, with or without a + before them') }),
    z.strictObject({
      rule: z.literal('digits'), stripDigits: whole(0, 15).default(0),
      addPrefix: z.string().regex(/^\+?\d{0,16}$/, 'must be at most 16 digits, with or without a + before them').default(''),
    }),
    z.strictObject({ rule: z.literal('withhold') }),
  ])
  .meta({ description: 'Which caller id the switch presents to it: the caller’s as it is (`keep`), a fixed number (`replace`), the caller’s number in international form without its first digits and '
    + 'with others before it (`digits`), or none (`withhold`).' });

const gateway = z.strictObject({
  address: z.string().regex(/^[!-~]{1,255}$/, 'must be an address as a switch dials it, without spaces: sip.example.net, 192.0.2.7:5060'),
  tech: text(16).default('SIP'),
  stripDigits: whole(0, 15).default(0),
  addPrefix: z.string().regex(/^[0-9*#+]{0,16}$/, 'must be at most 16 dial characters').default(''),
  timeoutSec: whole(1, 300).default(30),
  portability: z.enum(['', 'rn', 'prefix']).default('').meta({ description: 'How it wants number portability told: as parameters of the number (RFC 4694, `rn`), by the routing number before '
    + 'the called one (`prefix`), or not at all.' }),
  callerId: callerId.optional(),
});

const namedGateway = z
  .strictObject({
    name: text(64), ...gateway.shape, priority: whole(0, 2_147_483_647).default(0).meta({ description: 'The lower goes first.' }),
    weight: whole(0, 1_000_000).default(1).meta({ description: 'Shares among gateways of the same priority; 0 comes last.' }),
    suspended: z.boolean().default(false),
    groups: z.array(text(64)).max(100).default([]).meta({ description: 'Groups that it is in; one that is new is made.' }),
  })
  .transform(({ name, priority, weight, suspended, groups, ...where }) => ({ name, gateway: where, priority, weight, suspended, groups }));

/** The gateways of a provider as a whole; none: the one that it was registered with. */
export const providerGateways = z.strictObject({ gateways: z.array(namedGateway).max(100) });
export type ProviderGateways = z.output<typeof providerGateways>;

/** A code is for good and stands in every list of carriers, so one that must be quoted everywhere is not begun with. */
const newCarrierCode = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/, 'must be 1 to 32 letters, digits, dots, dashes and underscores, such as NORTH').meta({ example: 'NORTH' });

export const provider = z.strictObject({
  carrierCode: newCarrierCode,
  name: title,
  gateway,
  priority: whole(0, 1000).default(0),
});
export type Provider = z.output<typeof provider>;

export const carrierPath = z.strictObject({ carrierCode });
export type CarrierPath = z.output<typeof carrierPath>;
