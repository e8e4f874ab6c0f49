import { createHash } from 'node:crypto';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { type DeckChunk, DeckChunk_PlaceNameSchema, DeckChunkSchema, rateProfileMessageOf, rateProfileOf, RateProfileSchema } from '@tollwire/contracts';
import { present } from '@tollwire/core';
import type { RateProfile } from '@tollwire/telecom';
import type { Interned } from '../domain/interned.ts';
import { RateColumns } from '../domain/rate-columns.ts';
import type { PlaceName } from '../domain/rate-notes.ts';
import type { KnownPrefixes } from '../number-plan/known-prefixes.ts';

/** A deck's content as it travels, and its name. */
export interface EncodedDeck {
  /** Serialized DeckChunk messages. */
  readonly chunks: readonly Buffer[];
  /** SHA-256 over the chunks, lower-case hex. */
  readonly digest: string;
}

// A chunk is one message on the bus, whose limit is 1 MiB; consumers check and index it piece by piece.
const CHUNK_RATES_MAX = 50_000;
const CHUNK_BYTES_MAX = 768 * 1024;
// Of the columns of a plain rate. Where chunks are cut is part of a content's name, so that this stays as it is; there is room above for notes.
const RATE_BYTES_MAX = 80;
/** How many rates are encoded or decoded between two pauses: some milliseconds of work. */
const SLICE = 4_000;

/**
 * Encodes rates, sorted as they are, as DeckChunk messages, each rate with the longest prefix of the number plan that
 * its own begins with. The same rates under the same number plan give the same bytes, always: that is what the digest
 * names. Written by hand because a million rates through the generated code cost seconds; a test holds it to that. Pauses
 * in between.
 */
export function* encodeDeck(rates: RateColumns, known: Pick<KnownPrefixes, 'longestId'>): Generator<void, EncodedDeck> {
  const chunks: Buffer[] = [];
  const writer = new ChunkWriter(rates);
  for (let at = 0; at < rates.size; at += 1) {
    writer.add(at, known.longestId(String(rates.prefixNumberAt(at))) ?? 0);
    if (writer.isFull) chunks.push(writer.take());
    if (at % SLICE === SLICE - 1) yield;
  }
  if (!writer.isEmpty) chunks.push(writer.take());
  const hash = createHash('sha256');
  for (const chunk of chunks) {
    hash.update(chunk);
    yield;
  }
  return { chunks, digest: hash.digest('hex') };
}

/** The rates of chunks, in their order; what they are in the number plan is not of them. Pauses in between. */
export function* decodeDeck(chunks: readonly Uint8Array[]): Generator<void, RateColumns> {
  const messages: DeckChunk[] = [];
  for (const chunk of chunks) {
    messages.push(fromBinary(DeckChunkSchema, chunk));
    yield;
  }
  const rates = new RateColumns(messages.reduce((size, { prefix }) => size + prefix.length, 0));
  for (const message of messages) {
    const profiles = message.profiles.map((profile) => present(rateProfileOf(profile), 'a profile of a version'));
    const names = message.names.map(({ destination, country }) => ({ destination, country }));
    if (message.timeZone !== '') rates.timeZone = message.timeZone;
    for (const [at, prefix] of message.prefix.entries()) {
      rates.push({
        prefix,
        ratePerMinNanos: message.ratePerMinNanos[at] ?? 0n,
        connectFeeNanos: message.connectFeeNanos[at] ?? 0n,
        initialIncrementSec: message.initialIncrementSec[at] ?? 0,
        incrementSec: message.incrementSec[at] ?? 0,
        validFromUs: Number(message.validFromUs[at] ?? 0n),
        validUntilUs: Number(message.validUntilUs[at] ?? 0n),
        blocked: message.blocked[at] ?? false,
        profile: profiles[(message.profile[at] ?? 0) - 1],
        name: names[(message.name[at] ?? 0) - 1],
      }, 0);
      if (at % SLICE === SLICE - 1) yield;
    }
  }
  return rates;
}

/** Collects the fields of one DeckChunk, each in bytes of its own. */
class ChunkWriter {
  readonly #rates: RateColumns;
  /** Empty where no rate has a window, because no clock counts then. */
  readonly #timeZone: string;
  readonly #prefix = new FieldWriter();
  /** Fields 2 to 9, packed. */
  readonly #packed = Array.from({ length: 8 }, () => new FieldWriter());
  readonly #profiles: NoteWriter<RateProfile>;
  readonly #names: NoteWriter<PlaceName>;
  #hasCountryPrefix = false;
  #count = 0;
  #bytes = 0;

  constructor(rates: RateColumns) {
    this.#rates = rates;
    this.#timeZone = rates.hasWindows ? rates.timeZone : '';
    this.#profiles = new NoteWriter(PROFILES, rates.notes.profiles, (profile) => toBinary(RateProfileSchema, create(RateProfileSchema, rateProfileMessageOf(profile))));
    this.#names = new NoteWriter(NAMES, rates.notes.names, (name) => toBinary(DeckChunk_PlaceNameSchema, create(DeckChunk_PlaceNameSchema, name)));
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  get isFull(): boolean {
    return this.#count === CHUNK_RATES_MAX || this.#bytes > CHUNK_BYTES_MAX - RATE_BYTES_MAX;
  }

  add(at: number, countryPrefixId: number): void {
    const rates = this.#rates;
    const [rate, fee, initial, increment, from, until, blocked, countryPrefix] = this.#packed;
    this.#bytes += this.#prefix.digits(rates.prefixNumberAt(at), rates.prefixLengthAt(at));
    // All below 2^53: amounts are limited when a row is read, instants lie before the year 2255.
    this.#bytes += rate?.varint(Number(rates.ratePerMinNanos[at] ?? 0n)) ?? 0;
    this.#bytes += fee?.varint(Number(rates.connectFeeNanos[at] ?? 0n)) ?? 0;
    this.#bytes += initial?.varint(rates.initialIncrementSec[at] ?? 0) ?? 0;
    this.#bytes += increment?.varint(rates.incrementSec[at] ?? 0) ?? 0;
    this.#bytes += from?.varint(rates.validFromUs[at] ?? 0) ?? 0;
    this.#bytes += until?.varint(rates.validUntilUs[at] ?? 0) ?? 0;
    this.#bytes += blocked?.varint(rates.blocked[at] ?? 0) ?? 0;
    this.#bytes += countryPrefix?.varint(countryPrefixId) ?? 0;
    this.#bytes += this.#profiles.add(rates.profile[at] ?? 0);
    this.#bytes += this.#names.add(rates.name[at] ?? 0);
    this.#hasCountryPrefix ||= countryPrefixId > 0;
    this.#count += 1;
  }

  /** The chunk; the writer is empty afterwards. */
  take(): Buffer {
    // A column of nothing but 0 is left out.
    if (!this.#hasCountryPrefix) this.#packed.at(-1)?.take();
    const packed = this.#packed.flatMap((field, index) => packedField(index + 2, field));
    this.#count = 0;
    this.#bytes = 0;
    this.#hasCountryPrefix = false;
    const zone = Buffer.from(this.#timeZone);
    const timeZone = zone.length === 0 ? [] : [lengthDelimited(TIME_ZONE, zone.length), zone];
    return Buffer.concat([this.#prefix.take(), ...packed, ...this.#profiles.take(), ...timeZone, ...this.#names.take()]);
  }
}

/** Collects contents that rates of a chunk share, each once, and the column of their numbers in it, which is left out where all are 0. */
class NoteWriter<T extends object> {
  readonly #field: number;
  readonly #notes: Interned<T>;
  readonly #encode: (note: T) => Uint8Array;
  readonly #column: FieldWriter;
  #contents: Uint8Array[] = [];
  #numbers = new Map<number, number>();

  /** The contents are of `field`, their numbers of the one behind it. */
  constructor(field: number, notes: Interned<T>, encode: (note: T) => Uint8Array) {
    this.#field = field;
    this.#notes = notes;
    this.#encode = encode;
    this.#column = new FieldWriter(notes.size === 0 ? 0 : CHUNK_BYTES_MAX);
  }

  /** Notes what the next rate has, by its number among all rates; answers the bytes it took. */
  add(note: number): number {
    if (this.#notes.size === 0) return 0;
    const known = note === 0 ? 0 : this.#numbers.get(note);
    if (known !== undefined) return this.#column.varint(known);
    const content = this.#encode(present(this.#notes.at(note), 'a note of a rate'));
    const head = lengthDelimited(this.#field, content.length);
    this.#contents.push(head, content);
    this.#numbers.set(note, this.#numbers.size + 1);
    return this.#column.varint(this.#numbers.size) + head.length + content.length;
  }

  take(): Uint8Array[] {
    const contents = this.#contents;
    // The column is emptied in any case.
    const column = packedField(this.#field + 1, this.#column);
    this.#contents = [];
    this.#numbers = new Map();
    return contents.length === 0 ? [] : [...contents, ...column];
  }
}

function packedField(field: number, column: FieldWriter): Buffer[] {
  return column.length === 0 ? [] : [lengthDelimited(field, column.length), column.take()];
}

const PROFILES = 10;
const TIME_ZONE = 12;
const NAMES = 13;
const LENGTH_DELIMITED = 2;
const PREFIX_TAG = (1 << 3) | LENGTH_DELIMITED;
const DIGIT_ZERO = 48;
const VARINT_MORE = 0x80;
const VARINT_BYTES_MAX = 10;
const UINT31 = 0x80000000;

class FieldWriter {
  readonly #bytes: Buffer;
  length = 0;

  constructor(bytesMax = CHUNK_BYTES_MAX) {
    this.#bytes = Buffer.allocUnsafe(bytesMax);
  }

  /** Writes one element of the repeated string; answers the bytes it took. */
  digits(number: number, length: number): number {
    const bytes = this.#bytes;
    bytes[this.length] = PREFIX_TAG;
    bytes[this.length + 1] = length;
    let rest = number;
    for (let at = this.length + length + 1; at > this.length + 1; at -= 1) {
      const shorter = Math.floor(rest / 10);
      bytes[at] = DIGIT_ZERO + rest - shorter * 10;
      rest = shorter;
    }
    this.length += length + 2;
    return length + 2;
  }

  /** Writes a whole number from 0 to 2^53; answers the bytes it took. */
  varint(value: number): number {
    const start = this.length;
    let rest = value;
    while (rest >= UINT31) {
      this.#bytes[this.length] = (rest % VARINT_MORE) | VARINT_MORE;
      this.length += 1;
      rest = Math.floor(rest / VARINT_MORE);
    }
    let low = rest | 0;
    while (low >= VARINT_MORE) {
      this.#bytes[this.length] = (low & 0x7f) | VARINT_MORE;
      this.length += 1;
      low >>>= 7;
    }
    this.#bytes[this.length] = low;
    this.length += 1;
    return this.length - start;
  }

  /** A copy of what was written; the writer is empty afterwards. */
  take(): Buffer {
    const taken = Buffer.from(this.#bytes.subarray(0, this.length));
    this.length = 0;
    return taken;
  }
}

function lengthDelimited(field: number, length: number): Buffer {
  const head = new FieldWriter(2 * VARINT_BYTES_MAX);
  head.varint((field << 3) | LENGTH_DELIMITED);
  head.varint(length);
  return head.take();
}
