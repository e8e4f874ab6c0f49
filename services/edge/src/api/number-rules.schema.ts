import { z } from 'zod';
import { switchId, text } from '../http/primitives.ts';

/** Digits, and what stands on a telephone beside them. */
const dialPrefix = z.string().regex(/^[0-9*#]{1,16}$/, 'must be 1 to 16 dial characters');
const prefixes = z.array(dialPrefix).min(1).max(50);

const country = z.strictObject({
  callingCode: z.string().regex(/^[1-9]\d{0,3}$/, 'must be a country code').meta({ example: '44' }),
  trunkPrefix: z.string().regex(/^\d{0,4}$/, 'must be at most 4 digits').default('').meta({ description: 'What precedes a national number at home; empty where nothing does.', example: '0' }),
  nationalLengths: z.array(z.int().min(2).max(14)).max(14).default([])
    .meta({ description: 'How many digits a national number has: digits of that length are national even where nothing precedes them.' }),
});

const trunk = text(64).optional().meta({ description: 'A trunk with rules of its own; without one, the switch with all others.' });

/** How the numbers of a switch or trunk are dialled, as a whole. */
export const numberRules = z
  .strictObject({
    switchId,
    trunk,
    internationalPrefixes: prefixes.optional().meta({ description: 'What precedes an international number; + always does. Where nothing is said 00, and 011 unless a national number begins with 0.' }),
    technicalPrefixes: prefixes.optional().meta({ description: 'Taken off before anything else.', example: ['9#'] }),
    country: country.optional(),
  })
  .transform(({ switchId: named, trunk: own = '', internationalPrefixes, technicalPrefixes, country: home }) => ({
    switchId: named, trunk: own,
    rules: {
      ...(internationalPrefixes === undefined ? {} : { internationalPrefixes }),
      ...(technicalPrefixes === undefined ? {} : { technicalPrefixes }),
      ...(home === undefined ? {} : { country: home }),
    },
  }));
export type NumberRulesBody = z.output<typeof numberRules>;

export const numberSource = z.strictObject({ switchId, trunk }).transform(({ switchId: named, trunk: own = '' }) => ({ switchId: named, trunk: own }));
export type NumberSourceBody = z.output<typeof numberSource>;

/** A number that is tried, as it would be dialled or shown. */
export const numberToRead = z
  .strictObject({ switchId, trunk, number: text(128) })
  .transform(({ number, switchId: named, trunk: own = '' }) => ({ number, source: { switchId: named, trunk: own } }));
export type NumberToRead = z.output<typeof numberToRead>;
