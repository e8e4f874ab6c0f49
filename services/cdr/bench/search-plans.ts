import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { SearchCallsRequestSchema } from '@tollwire/contracts';
import { getSql } from '../src/api/cdr-answers.ts';
import { searchStatement } from '../src/api/search-calls.ts';

/** A question whose plan is recorded, with the statement that the service asks. */
export interface PlannedQuestion {
  readonly name: string;
  readonly text: string;
  readonly params: readonly unknown[];
}

type Asked = Omit<MessageInitShape<typeof SearchCallsRequestSchema>, '$typeName'>;

/** The statements of searches as the service makes them, of pages of 100. `mark` is one of those that a number is found by. */
export function plannedQuestions(callId: { readonly switchId: string; readonly callId: string }, untilUs: bigint, mark: bigint): PlannedQuestion[] {
  const search = (name: string, asked: Asked, marks?: readonly bigint[]): PlannedQuestion => {
    const { text, params } = searchStatement(create(SearchCallsRequestSchema, asked), undefined, marks);
    return { name, text, params: [...params, 101] };
  };
  return [
    { name: 'call id', text: getSql, params: [callId.callId, 0, callId.switchId] },
    search('card', { cardId: '0000000000000000' }),
    search('account', { accountCode: 'acme-1' }),
    search('number', { number: '1' }, [mark]),
    search('time', { untilUs }),
    search('carrier', { carrierCode: 'CARRIER-7', untilUs }),
    search('cause, usual', { q850Cause: 16, untilUs }),
    search('cause, one call in 10,000', { q850Cause: 41 }),
  ];
}
