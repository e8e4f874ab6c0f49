/** The same bytes in pieces of `size`, of which only the last may be smaller; none at all for no bytes. */
export async function* chunked(bytes: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  for await (const piece of bytes) {
    held.push(piece);
    heldBytes += piece.length;
    if (heldBytes < size) continue;
    const all = Buffer.concat(held);
    const whole = all.length - (all.length % size);
    for (let at = 0; at < whole; at += size) yield all.subarray(at, at + size);
    held = whole < all.length ? [all.subarray(whole)] : [];
    heldBytes = all.length - whole;
  }
  if (heldBytes > 0) yield Buffer.concat(held);
}
