/** How `encodeEvent` begins the attribute `traceparent`: the entry's key, and the lengths of a value of 55 characters. */
const marker = Buffer.from('\n\vtraceparent\x129\x1a7', 'latin1');
const textLength = 55;
const sampled = '1'.charCodeAt(0);

/**
 * The different trace contexts in a batch of `encodeEvent`s that are sampled, at most `countMax` of them, read off the
 * bytes: whoever passes a batch on can tell its traces without decoding its events.
 */
export function sampledTracesIn(batch: Uint8Array, countMax: number): string[] {
  const bytes = Buffer.from(batch.buffer, batch.byteOffset, batch.byteLength);
  const found = new Set<string>();
  for (let at = bytes.indexOf(marker); at >= 0 && found.size < countMax; at = bytes.indexOf(marker, at + 1)) {
    const begin = at + marker.length;
    const end = begin + textLength;
    if (bytes[end - 1] === sampled) found.add(bytes.toString('latin1', begin, end));
  }
  return [...found];
}
