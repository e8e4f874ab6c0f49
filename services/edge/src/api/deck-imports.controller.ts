import { Controller, Get, Header, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { FinishDeckImportReplySchema, ListDeckImportErrorsReplySchema } from '@tollwire/contracts';
import type { FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { EDGE, type EdgeDeps } from '../edge.deps.ts';
import { Answers } from '../http/answers.ts';
import { Caller, nameOf } from '../http/caller.ts';
import { type Json, reply } from '../http/reply.ts';
import { ApiStreamBody, streamOf, workbookTypes } from '../http/stream-body.ts';
import { deckErrorsCsv } from '../import/deck-errors-csv.ts';
import { importDeck } from '../import/deck-import.ts';
import type { Principal } from '../keys/key-ring.ts';
import { type DeckErrorsPage, deckErrorsPage, type ImportPath, importPath } from './catalog.schema.ts';
import * as parse from './deck-imports.schema.ts';
import { deckImportedReply } from './imports.openapi.ts';

const refusals = ['unknown_plan', 'too_many_items', 'deck_malformed', 'currency_mismatch', 'deck_too_large', 'deck_empty', 'concurrent_change'] as const;
const csv = 'text/csv';

@ApiTags('catalog')
@Controller('v1/decks')
export class DeckImportsController {
  private readonly edge: EdgeDeps;

  constructor(@Inject(EDGE) edge: EdgeDeps) {
    this.edge = edge;
  }

  @Post('import')
  @ApiStreamBody('A rate deck as the carrier sent it: CSV, or an XLSX workbook.', [csv, ...workbookTypes])
  @Answers({
    summary: 'Import a version of a rate deck',
    description: 'Nothing of it counts before it is activated. Bad rows are told and kept, and never stop the file.',
    status: 201, reply: deckImportedReply, refusals,
  })
  async importDeck(@Query({ schema: parse.deckImport }) query: parse.DeckImport, @Req() request: FastifyRequest, @Caller() caller: Principal): Promise<Json> {
    const bytes = streamOf(request, this.edge.limits.streamBytesMax);
    const { importId, finished } = await importDeck(this.edge.ask.catalog, { ...query, by: nameOf(caller) }, bytes);
    return { importId, ...reply(FinishDeckImportReplySchema, finished) };
  }

  @Get('imports/:importId/errors')
  @Answers({ summary: 'Rows of a deck that were not taken, with the reason', reply: ListDeckImportErrorsReplySchema, refusals: ['unknown_import'] })
  async listDeckErrors(@Param({ schema: importPath }) path: ImportPath, @Query({ schema: deckErrorsPage }) { afterLine }: DeckErrorsPage): Promise<Json> {
    return reply(ListDeckImportErrorsReplySchema, await this.edge.ask.catalog.listDeckImportErrors({ ...path, afterLine: BigInt(afterLine) }));
  }

  @Get('imports/:importId/errors.csv')
  @Header('content-type', `${csv}; charset=utf-8`)
  @Answers({
    summary: 'The same rows as a CSV file for people: line, column, code, value, what to do',
    description: 'A value that a spreadsheet would take for a formula has an apostrophe before it.',
    reply: { type: 'string', example: 'line,column,code,value,what to do\n2,prefix,unknown_prefix,99999999,Correct the prefix.' },
    contentType: csv, refusals: ['unknown_import'],
  })
  async deckErrorsCsv(@Param({ schema: importPath }) path: ImportPath): Promise<Readable> {
    return Readable.from(await deckErrorsCsv(this.edge.ask.catalog, path.importId));
  }
}
