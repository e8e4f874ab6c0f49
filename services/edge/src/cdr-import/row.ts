import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CallEndedSchema, CodedRefusal, RefusalCode } from '@tollwire/contracts';
import { refuse, type Result } from '@tollwire/core';
import type { LocalClock } from '@tollwire/telecom';
import type { CdrMapping } from './mapped-csv.ts';

/** What a row alone does not say. */
export interface RowContext {
  /** Where the row stands in its file, counted from 1. */
  readonly line: number;
  /** The switch that wrote the file; a row that names its switch itself needs none. */
  readonly switchId?: string | undefined;
  /** The zone of its local times. Default UTC, which is what switches should be set to. */
  readonly zone?: LocalClock | undefined;
  /** Which column holds what, where the format is mapped. */
  readonly mapping?: CdrMapping | undefined;
}

/** Why a row tells of no call: the field at fault and what stood in it. */
export interface RowError extends CodedRefusal {
  readonly line: number;
  readonly field: string;
  readonly value: string;
}

export type CallEndedInit = MessageInitShape<typeof CallEndedSchema>;

/** The call that a row tells of. */
export type ParsedRow = Result<CallEndedInit, RowError>;

/** Reads one row. */
export type RowParser = (text: string, context: RowContext) => ParsedRow;

const valueLengthMax = 120;

/** Refuses a row for one of its fields. A long value is cut, because a row may be a megabyte. */
export function refuseRow(context: RowContext, code: RefusalCode, field: string, value: string, detail: string): { ok: false; refusal: RowError } {
  return refuse({ code, line: context.line, field, value: value.slice(0, valueLengthMax), detail });
}
