/** Something that must never be is so. */
export class Violation extends Error {
  override readonly name = 'Violation';
}
