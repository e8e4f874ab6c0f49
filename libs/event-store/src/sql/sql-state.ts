/** The SQLSTATE that a statement failed with; undefined where the server did not say why. */
export function sqlStateOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Whether a statement failed because a row with its key is there already: unique_violation, SQLSTATE 23505. */
export function isUniqueViolation(error: unknown): boolean {
  return sqlStateOf(error) === '23505';
}
