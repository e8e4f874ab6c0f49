import type { CodedRefusal } from '@tollwire/contracts';

/** A refusal on its way out of a controller: the filter turns it into problem details, whatever threw it. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly refusal: CodedRefusal;
  /** Further members of the problem details, such as the list of refused items. */
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(refusal: CodedRefusal, extra: Readonly<Record<string, unknown>> = {}) {
    super(refusal.code);
    this.refusal = refusal;
    this.extra = extra;
  }
}
