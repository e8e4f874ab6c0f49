import type { Database, Sql } from '@tollwire/event-store';

/** A carrier by the number that routing has given it. */
export interface NumberedCarrier {
  readonly carrierCode: string;
  readonly providerId: number;
}

const learnSql = `
  INSERT INTO carrier (carrier_code, providerid, fill_until)
  SELECT u.carrier_code, u.providerid, (SELECT coalesce(max(callid), 0) FROM call_place)
  FROM unnest($1::text[], $2::integer[]) AS u (carrier_code, providerid)
  ON CONFLICT DO NOTHING`;

/**
 * Remembers the numbers of carriers; the first number of a carrier stands. Every call is then either written with the
 * number, or was committed before and lies below `fill_until`: the lock waits for those who are writing calls by the
 * carriers that there were, and those who come later read the new ones.
 */
export async function learnCarriers(tx: Sql, carriers: readonly NumberedCarrier[]): Promise<void> {
  if (carriers.length === 0) return;
  await tx.query('LOCK TABLE carrier IN ACCESS EXCLUSIVE MODE');
  await tx.query(learnSql, [carriers.map(({ carrierCode }) => carrierCode), carriers.map(({ providerId }) => providerId)]);
}

/** Calls that are looked at in one transaction: well below a second. */
const SLICE_CALLS = 10_000;
/** Slices of one sweep, so that a stop does not wait for all calls that there ever were. */
const SLICES_MAX = 100;

/** Every carrier that a slice may be noted of, in one order: sweeps of several instances wait for each other and never deadlock. */
const dueSql = `
  SELECT filled_until AS "filledUntil" FROM carrier WHERE filled_until < fill_until
  ORDER BY carrier_code FOR NO KEY UPDATE`;

/** Calls are locked by ascending id, as those who record them lock them. */
const fillSql = `
  WITH found AS MATERIALIZED (
    SELECT c.callid, c.filed_day, k.providerid FROM call c JOIN carrier k ON k.carrier_code = c.carrier_code
    WHERE c.callid > $1 AND c.callid <= $2 AND c.providerid IS NULL
    ORDER BY c.callid
    FOR NO KEY UPDATE OF c)
  UPDATE call c SET providerid = f.providerid FROM found f WHERE c.callid = f.callid AND c.filed_day = f.filed_day`;

const noteSql = `
  UPDATE carrier SET filled_until = least($2::bigint, fill_until)
  WHERE filled_until >= $1 AND filled_until < least($2::bigint, fill_until)`;

/**
 * Gives calls that were recorded before their carrier's number was known that number: walks the calls by their ids up to
 * where the carrier was learnt, in short transactions that each note how far they came. Nothing due costs one look at a
 * small table. `slices` and `sliceCalls` bound one run; the next goes on from there.
 */
export async function fillProviderIds(database: Pick<Database, 'transaction'>, { sliceCalls = SLICE_CALLS, slicesMax = SLICES_MAX } = {}): Promise<void> {
  for (let slice = 0; slice < slicesMax; slice += 1) {
    if (!(await database.transaction((tx) => fillSlice(tx, sliceCalls)))) return;
  }
}

/** Fills one slice; answers whether anything was due. */
async function fillSlice(tx: Sql, sliceCalls: number): Promise<boolean> {
  const due = await tx.query<{ filledUntil: bigint }>(dueSql);
  if (due.length === 0) return false;
  const from = due.map(({ filledUntil }) => filledUntil).reduce((least, each) => (each < least ? each : least));
  const bounds = [from, from + BigInt(sliceCalls)];
  await tx.query(fillSql, bounds);
  await tx.query(noteSql, bounds);
  return true;
}
