import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CallRecord, SearchCallsRequestSchema } from '@tollwire/contracts';
import type { EdgeAskers } from '../edge.deps.ts';
import { Refused } from '../http/refused.ts';

/** Who answers searches. */
export type AnsweringCdr = Pick<EdgeAskers['cdr'], 'searchCalls'>;

/** Which calls, and after which place: what a search takes, without the size of its pages. */
export type ExportQuestion = Omit<MessageInitShape<typeof SearchCallsRequestSchema>, '$typeName' | 'pageSize'>;

/** Calls that were answered at once, and where to go on; empty: there is no more. */
export interface Page {
  readonly calls: readonly CallRecord[];
  readonly nextCursor: string;
}

const pageSize = 1000;

/** One page of an export. Throws what cdr refuses. */
export async function pageOf(cdr: AnsweringCdr, question: ExportQuestion, cursor: string): Promise<Page> {
  const answer = await cdr.searchCalls({ ...question, cursor, pageSize }, { timeoutMs: 30_000 });
  if (!answer.ok) throw new Refused(answer.refusal);
  return answer.value;
}
