/** A prefix of the number plan and the country that it is of. */
export interface CountryOfPrefix {
  readonly prefix: string;
  readonly countryCode: string;
}

/** The plan below a digit. */
interface Branch {
  countryCode: string | undefined;
  readonly below: (Branch | undefined)[];
}

/**
 * The fewest prefixes that cover the numbers of a country and no others, in digit order. A number is of the country of the
 * longest prefix of the plan that it begins with, so where another country has longer ones (the Bahamas' 1242 within
 * North America's 1) the prefix is cut up around them.
 */
export function coverOf(countryCode: string, plan: readonly CountryOfPrefix[]): string[] {
  const root: Branch = { countryCode: undefined, below: [] };
  for (const each of plan) branchAt(root, each.prefix).countryCode = each.countryCode;
  return cover(root, { prefix: '', countryCode, isInside: false });
}

function branchAt(root: Branch, prefix: string): Branch {
  let branch = root;
  for (const digit of prefix) {
    const next = branch.below[Number(digit)] ?? { countryCode: undefined, below: [] };
    branch.below[Number(digit)] = next;
    branch = next;
  }
  return branch;
}

interface Place {
  readonly prefix: string;
  readonly countryCode: string;
  /** Whether numbers here are the country's where no longer prefix says otherwise. */
  readonly isInside: boolean;
}

const digits = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

function cover(branch: Branch, { prefix, countryCode, isInside: isAbove }: Place): string[] {
  const isInside = branch.countryCode === undefined ? isAbove : branch.countryCode === countryCode;
  if (branch.below.length === 0) return isInside ? [prefix] : [];
  const parts = digits.flatMap((digit, at) => {
    const [below, longer] = [branch.below[at], prefix + digit];
    if (below === undefined) return isInside ? [longer] : [];
    return cover(below, { prefix: longer, countryCode, isInside });
  });
  const isWhole = parts.length === digits.length && parts.every((part) => part.length === prefix.length + 1);
  return isWhole && prefix !== '' ? [prefix] : parts;
}
