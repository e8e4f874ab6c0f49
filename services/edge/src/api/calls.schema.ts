import type { MessageInitShape } from '@bufbuild/protobuf';
import type { AuthorizeItemSchema, SearchCallsRequestSchema } from '@tollwire/contracts';
import { z } from 'zod';
import { onePayer, partyFields, partyOf } from '../http/parties.ts';
import { accountCode, at, callId, cardId, carrierCode, dialled, instant, leg, prefix, switchId, text, wholeText } from '../http/primitives.ts';

/** May this call go ahead? Asked again with the same switch, call id and leg, the answer is the same. */
export const authorizeBody = z
  .strictObject({
    switchId,
    callId,
    leg: leg.default(0),
    ...partyFields,
    cli: text(64).optional(),
    calledNumber: dialled,
    at,
  })
  .check(onePayer)
  .transform((body) => ({
    call: { switchId: body.switchId, callId: body.callId, leg: body.leg },
    charged: partyOf(body),
    cli: body.cli ?? '',
    calledNumber: body.calledNumber,
    atUs: body.at ?? 0n,
  }) satisfies MessageInitShape<typeof AuthorizeItemSchema>);

export type AuthorizeBody = z.output<typeof authorizeBody>;

/** Which calls to find; newest first, a page at a time. */
export const callSearch = z
  .strictObject({
    cardId: cardId.optional(),
    accountCode: accountCode.optional(),
    calledPrefix: prefix.optional(),
    switchId: switchId.optional(),
    carrierCode: carrierCode.optional(),
    from: instant.optional(),
    until: instant.optional(),
    pageSize: wholeText(1, 1000).default(100),
    cursor: z.string().max(512).optional(),
  })
  .transform((query) => ({
    cardId: query.cardId ?? '',
    accountCode: query.accountCode ?? '',
    calledPrefix: query.calledPrefix ?? '',
    switchId: query.switchId ?? '',
    carrierCode: query.carrierCode ?? '',
    fromUs: query.from ?? 0n,
    untilUs: query.until ?? 0n,
    pageSize: query.pageSize,
    cursor: query.cursor ?? '',
  }) satisfies MessageInitShape<typeof SearchCallsRequestSchema>);

export type CallSearch = z.output<typeof callSearch>;

/** A call by the switch's own name for it. */
export const callPath = z.strictObject({ switch: switchId, callId });
export type CallPath = z.output<typeof callPath>;

export const legQuery = z.strictObject({ leg: wholeText(0, 255).default(0) });
export type LegQuery = z.output<typeof legQuery>;
