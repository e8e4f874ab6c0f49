/** Whether two values say the same, whatever the order in which their fields are kept. */
export function sameContent(one: unknown, other: unknown): boolean {
  return contentOf(one) === contentOf(other);
}

function contentOf(told: unknown): string {
  return JSON.stringify(told, (_key, value: unknown) =>
    (typeof value !== 'object' || value === null || Array.isArray(value) ? value : Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))));
}
