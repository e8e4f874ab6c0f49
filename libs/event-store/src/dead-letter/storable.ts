/** PostgreSQL's text holds no NUL; what is parked may hold anything. */
export function storable(text: string): string {
  return text.replaceAll('\0', '\uFFFD');
}
