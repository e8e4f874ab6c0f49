import { z } from 'zod';
import { cardId, idMax, instant, rowId, text, whole, wholeText } from '../http/primitives.ts';
import { cardSelection } from './cards.schema.ts';

/** What a suspended card is refused by. */
export const suspension = cardSelection.extend({ reason: z.enum(['unpaid', 'litigation', 'other']) });
export type Suspension = z.output<typeof suspension>;

/** `until` is the new end: the same one again changes nothing. */
export const extension = cardSelection.extend({ until: instant });
export type Extension = z.output<typeof extension>;

/** Which cards, in the order of their ids, a page at a time. */
export const cardSearch = z.strictObject({
  batchId: text(64).optional(),
  resellerId: wholeText(1, idMax).optional(),
  status: text(64).optional(),
  afterCardId: cardId.optional(),
  pageSize: wholeText(1, 1_000).default(100),
});
export type CardSearch = z.output<typeof cardSearch>;

export const batchPath = z.strictObject({ batchId: text(64) });
export type BatchPath = z.output<typeof batchPath>;

/** The passphrase opens the export, and is kept nowhere. `renew` also makes new PINs for cards that have one. */
export const pins = z.strictObject({
  pinLength: whole(8, 16).optional(),
  passphrase: z.string().min(12).max(256),
  renew: z.boolean().default(false),
});
export type PinsBody = z.output<typeof pins>;

const cli = text(64).meta({ example: '+436641234567' });

export const cliBody = z.strictObject({ cli });
export type CliBody = z.output<typeof cliBody>;

/** What is done with a caller whom nobody knows: on a trunk of a switch, on a switch, or everywhere else. */
export const callerPolicy = z.strictObject({
  switchId: text(64).optional(),
  trunk: text(64).optional(),
  unknownCli: z.enum(['refuse', 'ask_pin', 'create']),
  cardTypeId: rowId.optional(),
  resellerId: rowId.default(1),
  bindMax: whole(0, 100).default(0),
});
export type CallerPolicyBody = z.output<typeof callerPolicy>;

const ip = z.union([z.ipv4(), z.ipv6()]).meta({ example: '192.0.2.10' });

export const callerAddress = z.strictObject({ address: ip, accountCode: text(64) });
export type CallerAddressBody = z.output<typeof callerAddress>;

export const addressPath = z.strictObject({ address: ip });
export type AddressPath = z.output<typeof addressPath>;
