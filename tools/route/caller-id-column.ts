/** What a switch presents of who calls, as it is answered. */
interface Presented {
  readonly callerId?: { readonly number?: string | undefined; readonly presentation: string } | undefined;
}

/** A column of what each carrier gets to see of the caller; none where all of them get what the caller sent. */
export function callerIdColumn(carriers: readonly Presented[]): { readonly heading: readonly string[]; readonly cellOf: (carrier: Presented) => readonly string[] } {
  if (carriers.every(({ callerId }) => callerId === undefined)) return { heading: [], cellOf: () => [] };
  return { heading: ['caller id'], cellOf: ({ callerId }) => [callerId === undefined ? 'as it is' : textOf(callerId)] };
}

function textOf({ number = '', presentation }: NonNullable<Presented['callerId']>): string {
  if (number === '') return 'withheld';
  return presentation === 'restricted' ? `${number} (restricted)` : number;
}
