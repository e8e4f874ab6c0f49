import { type CallingCode, NON_GEOGRAPHIC, type NumberingArea } from './metadata.ts';

/** What the documented `countryprefix.subcode` tells: fixed line, mobile, or neither known. */
export type Subcode = 'FIX' | 'MOB' | '';

/** What numbers with a prefix are. */
export interface PrefixUse {
  readonly countryCode: string;
  readonly subcode: Subcode;
}

/** What the numbers below a prefix can be, before one answer is chosen. */
interface Uses {
  readonly areas: readonly NumberingArea[];
  readonly fixed: boolean;
  readonly mobile: boolean;
  readonly service: boolean;
}

// Five national digits tell Guernsey's mobiles from Britain's; six tell Antigua's within the long North American numbers.
// Deeper differences are left to carrier data.
const NATIONAL_DIGITS_MAX = 5;
const DIGITS_MAX = 7;

/**
 * The prefixes, shortest first, that divide a calling code into countries and into fixed and mobile numbers. A prefix
 * is listed only where its use differs from the listed prefix above it, so the longest listed match is the answer.
 */
export function partition(callingCode: CallingCode): Map<string, PrefixUse> {
  const listed = new Map<string, PrefixUse>();
  const root = usesBelow({ areas: callingCode.areas, fixed: true, mobile: true, service: true }, '');
  listed.set(callingCode.code, chosen(callingCode, root));
  divide(callingCode, '', root, listed);
  return new Map([...listed].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function divide(callingCode: CallingCode, national: string, above: Uses, listed: Map<string, PrefixUse>): void {
  if (national.length >= Math.max(NATIONAL_DIGITS_MAX, DIGITS_MAX - callingCode.code.length)) return;
  const useAbove = chosen(callingCode, above);
  for (let digit = 0; digit <= 9; digit += 1) {
    const longer = national + String(digit);
    const uses = usesBelow(above, longer);
    if (uses.areas.length === 0) continue;
    const use = chosen(callingCode, uses);
    const differs = use.countryCode !== useAbove.countryCode || use.subcode !== useAbove.subcode;
    if (differs) listed.set(callingCode.code + longer, use);
    if (!isUniform(uses)) divide(callingCode, longer, uses, listed);
  }
}

/** A longer prefix has no use that the one above it has not, so only the patterns of those are looked at. */
function usesBelow(above: Uses, national: string): Uses {
  const areas: NumberingArea[] = [];
  let [fixed, mobile, service] = [false, false, false];
  for (const area of above.areas) {
    const uses = [above.fixed && area.fixed(national), above.mobile && area.mobile(national), above.service && area.service(national)] as const;
    if (uses.includes(true)) areas.push(area);
    fixed ||= uses[0];
    mobile ||= uses[1];
    service ||= uses[2];
  }
  return { areas, fixed, mobile, service };
}

/** No longer prefix can have another answer. */
function isUniform(uses: Uses): boolean {
  if (uses.areas.length > 1) return false;
  const undivided = uses.fixed && uses.mobile && uses.areas[0]?.undivided === true && !uses.service;
  return undivided || Number(uses.fixed) + Number(uses.mobile) + Number(uses.service) === 1;
}

function chosen(callingCode: CallingCode, uses: Uses): PrefixUse {
  const main = callingCode.areas[0]?.countryCode ?? NON_GEOGRAPHIC;
  const shared = uses.areas.length !== 1;
  return { countryCode: shared ? main : (uses.areas[0]?.countryCode ?? main), subcode: subcodeOf(uses) };
}

function subcodeOf(uses: Uses): Subcode {
  if (uses.fixed === uses.mobile) return '';
  return uses.fixed ? 'FIX' : 'MOB';
}
