import { Controller, Get, Header, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { cdrCsv } from '../cdr-export/cdr-csv.ts';
import { cdrParquet } from '../cdr-export/cdr-parquet.ts';
import { cdrRowBatches } from '../cdr-import/rows.ts';
import { EDGE, type EdgeDeps } from '../edge.deps.ts';
import { Answers } from '../http/answers.ts';
import { Caller, nameOf } from '../http/caller.ts';
import { isoOfUs } from '../http/instants.ts';
import type { Json } from '../http/reply.ts';
import { revealTo } from '../http/reveal.ts';
import { ApiStreamBody, lineTypes, streamOf } from '../http/stream-body.ts';
import { importCdrs } from '../import/cdr-import.ts';
import { maskedRow } from '../import/masked-row.ts';
import type { Principal } from '../keys/key-ring.ts';
import type { KeptRow } from '../import/row-errors.ts';
import { rowErrorsReply } from './imports.openapi.ts';
import { type CallExport, callExport, type CallExportFile, callExportFile } from './calls.schema.ts';
import * as parse from './imports.schema.ts';

const csv = 'text/csv';
const parquet = 'application/vnd.apache.parquet';
const ndjson = 'application/x-ndjson';

@ApiTags('calls')
@Controller('v1/cdrs')
export class ImportsController {
  private readonly edge: EdgeDeps;

  constructor(@Inject(EDGE) edge: EdgeDeps) {
    this.edge = edge;
  }

  @Get('export.csv')
  @Header('content-type', `${csv}; charset=utf-8`)
  @Answers({
    summary: 'Export CDRs as CSV, however many there are',
    description:
      'Newest first, written as it is read. Every thousandth row has in its last column, `cursor`, where to go on from if the answer breaks off. ' +
      'A text that a spreadsheet would take for a formula has an apostrophe before it. Numbers show their prefix only, unless an admin gives a reason.',
    reply: { type: 'string', example: 'switch,call_id,leg,status,card,account,…,flags,cursor' },
    contentType: csv,
    refusals: ['cursor_malformed'],
  })
  async exportCdrs(@Query({ schema: callExport }) { question, why }: CallExport, @Caller() caller: Principal): Promise<Readable> {
    return Readable.from(await cdrCsv(this.edge.ask.cdr, { ...question, ...revealTo(caller, why, 'any') }));
  }

  @Get('export.parquet')
  @Header('content-type', parquet)
  @Answers({
    summary: 'Export CDRs as Parquet, however many there are',
    description:
      'Newest first, in row groups that are written as they are read. Amounts are decimals with nine places, instants are microseconds of UTC. With `rowsMax` ' +
      'the metadata of the file has in `tollwire.next_cursor` where the next one begins. Numbers show their prefix only, unless an admin gives a reason.',
    reply: { type: 'string', format: 'binary' },
    contentType: parquet,
    refusals: ['cursor_malformed'],
  })
  async exportParquet(@Query({ schema: callExportFile }) { question, rowsMax, why }: CallExportFile, @Caller() caller: Principal): Promise<Readable> {
    return Readable.from(await cdrParquet(this.edge.ask.cdr, { ...question, ...revealTo(caller, why, 'any') }, rowsMax));
  }

  @Post('import')
  @Header('content-type', ndjson)
  @ApiStreamBody('A file of CDRs as a switch writes it.', lineTypes)
  @Answers({
    summary: 'Import a file of CDRs',
    description: 'Each row is answered by a line of JSON once it is durable; bad rows are told and kept. The last line counts them: without it, send the file again.',
    reply: { type: 'object', example: { line: 1, accepted: true, call: 'sw-vienna-1/1a2b3c4d-0001/0' } },
    contentType: ndjson,
  })
  async importCdrs(@Query({ schema: parse.cdrImport }) { format, importId = randomUUID(), ...about }: parse.CdrImport, @Req() request: FastifyRequest, @Caller() caller: Principal): Promise<Readable> {
    const bytes = streamOf(request, this.edge.limits.streamBytesMax);
    const switches = await this.edge.switches.known();
    const { zone = switches.clocks.get(about.switchId ?? '')?.zone } = about;
    return Readable.from(importCdrs({ ...this.edge, switches }, { importId, format, by: nameOf(caller) }, cdrRowBatches(format, bytes, { ...about, zone })));
  }

  @Get('imports/:importId/errors')
  @Answers({
    summary: 'Rows of a CDR file that were refused',
    description: 'An import of which every row was taken has none, nor has one that never was. As they stood in the file for whose key sent it; for others, numbers show their prefix only.',
    reply: rowErrorsReply,
  })
  async listCdrErrors(
    @Param({ schema: parse.importPath }) { importId }: parse.ImportPath,
    @Query({ schema: parse.rowErrorsPage }) page: parse.RowErrorsPage,
    @Caller() caller: Principal,
  ): Promise<Json> {
    const { rows, errorCount } = await this.edge.rowErrors.page({ importId, ...page });
    return { errors: rows.map((row) => rowJson(row, nameOf(caller))), errorCount };
  }
}

/** Whoever sent a file has it; nobody else is shown numbers of people by what was wrong with their calls. */
function rowJson({ field, refusedAtUs, ...kept }: KeptRow, reader: string): Json {
  const row = kept.importedBy === reader ? kept : { ...kept, rowText: maskedRow(kept.rowText), detail: maskedRow(kept.detail) };
  return { ...row, ...(field === null ? {} : { field }), refusedAt: isoOfUs(refusedAtUs) };
}
