import type { MessageInitShape } from '@bufbuild/protobuf';
import type { AuthorizeItemSchema, ListRefusedCallsRequestSchema, SearchCallsRequestSchema } from '@tollwire/contracts';
import { z } from 'zod';
import { atMostOnePayer, isNamed, onePayer, partyFields, partyOf } from '../http/parties.ts';
import { accountCode, at, callId, cardId, needs, carrierCode, dialled, instant, leg, portability, prefix, switchId, text, wholeText } from '../http/primitives.ts';

/**
 * May this call go ahead? Asked again with the same switch, call id and leg, the answer is the same. Who pays is named by a card
 * or an account code, or told by the PIN of a card, the address that the call comes from, or the calling number.
 */
export const authorizeBody = z
  .strictObject({
    switchId,
    callId,
    leg: leg.default(0),
    ...partyFields,
    cli: z.union([z.literal(''), text(64)]).optional().meta({ description: 'The calling number; empty where it is withheld.', example: '+436641234567' }),
    pin: text(64).optional(),
    trunk: text(64).optional(),
    address: z.union([z.ipv4(), z.ipv6()]).optional().meta({ description: 'Where the call came from.', example: '192.0.2.10' }),
    calledNumber: dialled,
    ...portability,
    ...needs,
    at,
  })
  .check((context) => {
    const { cli, pin, address } = context.value;
    return isNamed(cli, pin, address) ? atMostOnePayer(context) : onePayer(context);
  })
  .transform(({ pin = '', trunk = '', address = '', ...body }) => ({
    call: { switchId: body.switchId, callId: body.callId, leg: body.leg },
    ...(isNamed(body.cardId, body.accountCode) ? { charged: partyOf(body) } : {}),
    presented: { pin, trunk, address },
    cli: body.cli ?? '',
    calledNumber: body.calledNumber,
    routingNumber: body.routingNumber ?? '',
    npdi: body.npdi ?? false,
    atUs: body.at ?? 0n,
    codecs: body.codecs ?? [],
    attestation: body.attestation ?? '',
  }) satisfies MessageInitShape<typeof AuthorizeItemSchema>);

export type AuthorizeBody = z.output<typeof authorizeBody>;

const callPlaces = {
  callId: callId.optional(),
  cardId: cardId.optional(),
  accountCode: accountCode.optional(),
  calledPrefix: prefix.optional(),
  switchId: switchId.optional(),
  carrierCode: carrierCode.optional(),
  q850Cause: wholeText(0, 999).optional().meta({ description: 'Why calls ended: ITU-T Q.850, or a code of a switch.', example: 16 }),
  from: instant.optional(),
  until: instant.optional(),
};

/** Why numbers are wanted whole. */
export const reason = text(255).min(3).optional().meta({ description: 'Shows numbers whole, to whom that is permitted. It is recorded: who asked, when, why, and for which calls.' });

/** What is not asked for is empty in a message. */
function placesOf({ from, until, q850Cause, ...places }: z.output<z.ZodObject<typeof callPlaces>>) {
  const { callId: id = '', cardId: card = '', accountCode: account = '', calledPrefix = '', switchId: switched = '', carrierCode: carrier = '' } = places;
  return {
    callId: id, cardId: card, accountCode: account, calledPrefix, switchId: switched, carrierCode: carrier, fromUs: from ?? 0n, untilUs: until ?? 0n,
    ...(q850Cause === undefined ? {} : { q850Cause }),
  };
}

/** Who called or was called, whole. */
const number = z.string().regex(/^(\+|00)?\d{1,16}$/, 'must be a number as it is dialled').optional()
  .meta({ description: 'Of who called or was called. Found from the day on which numbers began to be sealed; a reason is to be given.', example: '+436641234567' });

/** Which calls to find; newest first, a page at a time. */
export const callSearch = z
  .strictObject({
    ...callPlaces,
    pageSize: wholeText(1, 1000).default(100),
    cursor: z.string().max(512).optional(),
    number,
    reason,
  })
  .transform(({ pageSize, cursor, number: sought, reason: why, ...places }) => ({
    why,
    search: { ...placesOf(places), number: sought ?? '', pageSize, cursor: cursor ?? '' } satisfies MessageInitShape<typeof SearchCallsRequestSchema> }));

export type CallSearch = z.output<typeof callSearch>;

/** Which calls to export: a search that has all its pages in one. */
export const callExport = z
  .strictObject({
    ...callPlaces,
    cursor: z.string().max(512).optional().meta({ description: 'From the column `cursor` of an export that broke off.' }),
    reason,
  })
  .transform(({ cursor, reason: why, ...places }) => ({ why, question: { ...placesOf(places), cursor: cursor ?? '' } satisfies MessageInitShape<typeof SearchCallsRequestSchema> }));

export type CallExport = z.output<typeof callExport>;

/** The same into files of a size. */
export const callExportFile = z
  .strictObject({
    ...callPlaces,
    cursor: z.string().max(512).optional().meta({ description: 'From the metadata `tollwire.next_cursor` of the file before.' }),
    rowsMax: wholeText(0, 1_000_000_000).default(0).meta({ description: 'The file ends with the thousand that reaches it; 0: it has all.' }),
    reason,
  })
  .transform(({ cursor, rowsMax, reason: why, ...places }) => ({
    why,
    rowsMax,
    question: { ...placesOf(places), cursor: cursor ?? '' } satisfies MessageInitShape<typeof SearchCallsRequestSchema> }));
export type CallExportFile = z.output<typeof callExportFile>;

/** Which refused calls to list. */
export const refusedQuery = z
  .strictObject({
    ...partyFields,
    code: z.string().regex(/^[a-z0-9_]{1,64}$/, 'must be the code of a refusal').optional().meta({ description: 'Why they were refused.', example: 'no_route' }),
    from: instant.optional(), until: instant.optional(),
    cursor: z.string().max(4_096).optional(),
  })
  .check(atMostOnePayer)
  .transform(({ code = '', from = 0n, until = 0n, cursor = '', ...payer }) => ({
    ...(isNamed(payer.cardId, payer.accountCode) ? { charged: partyOf(payer) } : {}), code, sinceUs: from, untilUs: until, cursor,
  } satisfies MessageInitShape<typeof ListRefusedCallsRequestSchema>));
export type RefusedQuery = z.output<typeof refusedQuery>;

/** A call by the switch's own name for it. */
export const callPath = z.strictObject({ switch: switchId, callId });
export type CallPath = z.output<typeof callPath>;

/** Which leg of a call, and why its numbers are wanted whole. */
export const legQuery = z.strictObject({ leg: wholeText(0, 255).default(0), reason });
export type LegQuery = z.output<typeof legQuery>;
