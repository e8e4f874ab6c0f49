import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SideOfCall } from './compare.ts';

/** A call of the file, with its line; of ours, with whether it has ended. */
export interface SpooledCall extends SideOfCall {
  readonly line: number;
}

/** Bytes of a part that are held before they are written. */
const HELD_BYTES_MAX = 64 * 1024;

/**
 * Calls of one side on disk, cut up by their keys into parts that each fit into memory: calls of one key are in the part of the same
 * number on either side.
 */
export class Spool {
  readonly partCount: number;
  readonly #folder: string;
  readonly #held: string[];

  constructor(partCount: number) {
    this.partCount = partCount;
    this.#folder = mkdtempSync(join(tmpdir(), 'tollwire-reconcile-'));
    this.#held = Array.from({ length: partCount }, () => '');
  }

  add({ key, startedAtUs, answeredAtUs, endedAtUs, q850Cause, line }: SpooledCall): void {
    const part = createHash('md5').update(key).digest().readUInt32LE(0) % this.partCount;
    const held = `${this.#held[part] ?? ''}${[startedAtUs, answeredAtUs, endedAtUs, q850Cause, line].join(' ')} ${JSON.stringify(key)}\n`;
    this.#held[part] = held.length > HELD_BYTES_MAX ? this.#write(part, held) : held;
  }

  /** The calls of one part, in the order in which they were added. */
  part(number: number): SpooledCall[] {
    this.#held[number] = this.#write(number, this.#held[number] ?? '');
    const file = this.#fileOf(number);
    if (!existsSync(file)) return [];
    return readFileSync(file, 'utf8').split('\n').filter((line) => line !== '').map(callOf);
  }

  /** Removes what is on disk. */
  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #write(part: number, text: string): string {
    if (text !== '') appendFileSync(this.#fileOf(part), text);
    return '';
  }

  #fileOf(part: number): string {
    return join(this.#folder, `${part}.ndjson`);
  }
}

/** A row that `add` has written. */
function callOf(text: string): SpooledCall {
  const [startedAtUs = 0, answeredAtUs = 0, endedAtUs = 0, q850Cause = 0, line = 0] = text.split(' ', 5).map(Number);
  return { key: String(JSON.parse(text.slice(text.indexOf('"')))), startedAtUs, answeredAtUs, endedAtUs, q850Cause, line };
}

/** Bytes of a file whose calls one part may hold: some hundred thousand calls. */
const PART_BYTES = 32 * 1024 * 1024;

/** How many parts calls of a file of this size are cut into. */
export function partCountFor(fileBytes: number): number {
  return Math.min(256, Math.max(1, Math.ceil(fileBytes / PART_BYTES)));
}
