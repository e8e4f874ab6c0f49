import { callKey } from '@tollwire/contracts';
import type { CdrRow } from '../../services/edge/src/cdr-import/rows.ts';
import type { Spool } from './spool.ts';

/** What a file holds: how many rows, since when and until when, of which switches. */
export interface TheirFile {
  rows: number;
  readonly unreadable: { readonly line: number; readonly code: string; readonly detail: string }[];
  unreadableCount: number;
  firstUs: number;
  lastUs: number;
  readonly switches: Set<string>;
}

/** Unreadable rows that are told one by one. */
const UNREADABLE_MAX = 1_000;

/** Puts the calls of a file aside, and says what it holds. */
export async function spoolFile(rows: AsyncIterable<CdrRow>, spool: Spool): Promise<TheirFile> {
  const file: TheirFile = { rows: 0, unreadable: [], unreadableCount: 0, firstUs: Infinity, lastUs: -Infinity, switches: new Set() };
  for await (const { line, call } of rows) {
    file.rows += 1;
    if (!call.ok) {
      file.unreadableCount += 1;
      const { code, detail = '' } = call.refusal;
      if (file.unreadable.length < UNREADABLE_MAX) file.unreadable.push({ line, code, detail });
      continue;
    }
    const { call: ref, startedAtUs, answeredAtUs, endedAtUs, q850Cause } = call.value;
    const us = Number(startedAtUs);
    file.firstUs = Math.min(file.firstUs, us);
    file.lastUs = Math.max(file.lastUs, us);
    file.switches.add(ref?.switchId ?? '');
    spool.add({ key: callKey(ref), startedAtUs: us, answeredAtUs: Number(answeredAtUs), endedAtUs: Number(endedAtUs), q850Cause, line });
  }
  return file;
}
