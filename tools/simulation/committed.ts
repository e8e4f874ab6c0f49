import type { EventDefinition, ReceivedEvent } from '@tollwire/contracts';
import { Violation } from './violation.ts';
import { eventsOf } from './bus.ts';
import type { Store } from './postgres/store.ts';
import type { Row } from './postgres/values.ts';

/** The rows of a table as it is committed. */
export const rowsOf = (store: Store, table: string): Row[] => [...store.rowsOf(table).values()];
export const text = (row: Row | undefined, column: string): string => String(row?.[column]);
export const whole = (row: Row, column: string): bigint => BigInt(text(row, column));

const decoded = new WeakMap<Store, { readonly rowCount: number; readonly byType: ReadonlyMap<string, readonly ReceivedEvent[]> }>();

/** The events of one kind that an outbox ever held. What an outbox holds never changes, so it is read once for all kinds. */
export function eventsIn(store: Store, { type }: EventDefinition): readonly ReceivedEvent[] {
  const rowCount = store.rowsOf('outbox').size;
  const before = decoded.get(store);
  if (before?.rowCount === rowCount) return before.byType.get(type) ?? [];
  const events = rowsOf(store, 'outbox').flatMap(({ payload }) => (Buffer.isBuffer(payload) ? eventsOf(payload) : []));
  const byType = Map.groupBy(events, (event) => event.type);
  decoded.set(store, { rowCount, byType });
  return byType.get(type) ?? [];
}

/** Throws where two lists have not the same texts, in whatever order. */
export function sameList(what: string, verb: string, told: readonly string[], stored: readonly string[]): void {
  const [one, other] = [told.toSorted(), stored.toSorted()];
  if (one.join('\n') !== other.join('\n')) throw new Violation(`the ${what} that are ${verb} are ${one.join(', ')}; stored are ${other.join(', ')}`);
}
