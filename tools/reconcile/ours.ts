import { callKey } from '@tollwire/contracts';
import { csvFields } from '../../services/edge/src/cdr-import/csv-line.ts';
import { RowReader, wholePages } from '../cdr/pages.ts';
import type { Api } from '../client/api.ts';
import type { SpooledCall } from './spool.ts';

/** A call of ours; one that still goes on is no CDR yet. */
export interface OurCall extends SpooledCall {
  readonly isOver: boolean;
}

const over = new Set(['ended', 'closed', 'abandoned']);

/** Our calls of one switch that started in [from, until), as the export has them, one after the other. */
export async function* ourCalls(api: Pick<Api, 'download'>, switchId: string, fromUs: number, untilUs: number): AsyncGenerator<OurCall> {
  const query = { switchId, from: instantOf(fromUs), until: instantOf(untilUs) };
  const open = (cursor: string) => api.download(`/v1/cdrs/export.csv?${new URLSearchParams({ ...query, ...(cursor === '' ? {} : { cursor }) }).toString()}`);
  const reader = new RowReader();
  let columns: readonly string[] | undefined;
  for await (const page of wholePages(open, '')) {
    for (const row of reader.push(page)) {
      const cells = csvFields(row.replace(/\r?\n$/, '')) ?? [];
      if (columns === undefined) columns = cells;
      else yield callOf(new Map(columns.map((name, at) => [name, cells[at] ?? ''])));
    }
  }
}

function callOf(cells: ReadonlyMap<string, string>): OurCall {
  const text = (name: string) => plain(cells.get(name) ?? '');
  return {
    key: callKey({ switchId: text('switch'), callId: text('call_id'), leg: Number(text('leg')) }),
    startedAtUs: usOf(text('started_at')), answeredAtUs: usOf(text('answered_at')), endedAtUs: usOf(text('ended_at')),
    q850Cause: Number(text('q850_cause')), line: 0, isOver: over.has(text('status')),
  };
}

/** A cell without the apostrophe that keeps spreadsheets from taking it for a formula. */
function plain(cell: string): string {
  return /^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell;
}

function usOf(iso: string): number {
  const [, whole = '', fraction = ''] = /^(.{19})\.(\d{6})Z$/.exec(iso) ?? [];
  return iso === '' ? 0 : Date.parse(`${whole}Z`) * 1_000 + Number(fraction);
}

function instantOf(us: number): string {
  return `${new Date(Math.floor(us / 1_000)).toISOString().slice(0, -1)}${String(us % 1_000).padStart(3, '0')}Z`;
}
