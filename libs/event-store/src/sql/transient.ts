/** SQLSTATEs after which the same work may succeed: PostgreSQL's appendix A, by class or in full. */
const transientStates =
  /^(08...|53...|57P0[1-5]|57014|40001|40P01|40003|55P03|55006|25P03|25P04|25006|58000|58030)$/;

/** What the operating system says of a server that is away. */
const transientCodes = new Set([
  'ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND',
  'EAI_AGAIN',
]);

/** `pg` reports a lost connection by message only. */
const transientMessages =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|timeout (exceeded|expired)|timeout when trying to connect|Query read timeout)/i;

/** An error that says of itself that the same work may succeed when tried again. */
export interface RetryableError extends Error {
  readonly retryable: true;
}

/**
 * Whether the same work may succeed when it is tried again: the server is away or overloaded, a deadlock, a conflict
 * with another writer. After a connection lost during COMMIT nobody knows whether it happened; receipts (inbox) and
 * versions (append) make trying again safe.
 */
export function isTransient(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('message' in error)) return false;
  if ('errors' in error && Array.isArray(error.errors)) return error.errors.some(isTransient);
  if ('retryable' in error && error.retryable === true) return true;
  if ('code' in error && typeof error.code === 'string') {
    if (transientStates.test(error.code) || transientCodes.has(error.code)) return true;
  }
  return transientMessages.test(String(error.message)) || ('cause' in error && isTransient(error.cause));
}
