/** A document of docs/PRICE.md or docs/ROUTE.md with what the page says that it answers. */
export interface DocumentedExample {
  readonly document: string;
  readonly explain: boolean;
  readonly answer: string;
}

/** Every JSON block of a page that a text block follows. */
export function documentedExamples(page: string): DocumentedExample[] {
  const pairs = page.matchAll(/```json( explain)?\n(.*?)\n```\n\n```text\n(.*?)```/gs);
  return [...pairs].map(([, explain, document = '', answer = '']) => ({ document, explain: explain !== undefined, answer }));
}
