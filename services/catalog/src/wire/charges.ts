import { create, fromJsonString, toJsonString } from '@bufbuild/protobuf';
import { chargeTermsMessageOf, chargeTermsOf, ChargeTermsSchema } from '@tollwire/contracts';
import type { ChargeTerms } from '@tollwire/telecom';

/** Charges as a column holds them: JSON of the contract's ChargeTerms; null where there are none. */
export function chargesText(charges: Partial<ChargeTerms> | undefined): string | null {
  if (charges === undefined || Object.keys(charges).length === 0) return null;
  return toJsonString(ChargeTermsSchema, create(ChargeTermsSchema, chargeTermsMessageOf(charges)));
}

/** Reads what `chargesText` wrote. */
export function chargesOfText(text: string | null): Partial<ChargeTerms> {
  return text === null ? {} : chargeTermsOf(fromJsonString(ChargeTermsSchema, text)) ?? {};
}
