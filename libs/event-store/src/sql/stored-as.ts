/**
 * What our own database gives back, taken for what our own code put there: rows of statements that we wrote, and JSON that
 * `encodeJson` wrote. The one place of the event store where a value is told its type unchecked. What others send is
 * parsed, never this. A row's type stands beside its statement; the specs that run the statement hold the two together.
 */
export function storedAs<T>(value: unknown): T {
  return value as T;
}
