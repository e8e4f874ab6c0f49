import { BinaryReader } from '@bufbuild/protobuf/wire';

/**
 * A reader of bytes whose texts are short, nearly always ASCII and often the same from event to event: those are
 * recognised by their bytes, and for the others latin1 makes a string much faster than a UTF-8 decoder.
 */
export class EventReader extends BinaryReader {
  readonly #bytes: Buffer;

  constructor(bytes: Uint8Array) {
    super(bytes);
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The next text; one of `familiar` (ASCII) where it is the same. Throws where it is not UTF-8 or not all there. */
  text(familiar: readonly string[] = []): string {
    const start = this.pos;
    const length = this.uint32();
    const from = this.pos;
    const end = from + length;
    if (end > this.len) throw new RangeError('A text runs over the end of the bytes');
    this.pos = end;
    for (const known of familiar) if (this.#holds(known, from, length)) return known;
    if (this.#isAscii(from, end)) return this.#bytes.toString('latin1', from, end);
    this.pos = start;
    return this.string(true);
  }

  #holds(text: string, from: number, length: number): boolean {
    if (text.length !== length) return false;
    for (let at = 0; at < length; at += 1) if (this.#bytes[from + at] !== text.charCodeAt(at)) return false;
    return true;
  }

  #isAscii(from: number, end: number): boolean {
    for (let at = from; at < end; at += 1) if ((this.#bytes[at] ?? 0) > 0x7f) return false;
    return true;
  }
}
