import type { CodedRefusal } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { callerOf, normalizeE164, type NormalizeOptions, portedNumberOf } from '@tollwire/telecom';
import type { NumberSource } from '../domain/number-rules.ts';
import { type KeptNumberRules, readNumberRules } from './number-rules-table.ts';

/** The numbers of a call, as a switch tells them. */
export interface ToldNumbers {
  cli: string;
  calledNumber: string;
  /** Not of every message. */
  routingNumber?: string;
}

/** A called number with what number portability answered of it; an empty routing number leads nowhere else. */
export interface ReadNumbers {
  readonly calledNumber: string;
  readonly routingNumber: string;
  readonly npdi: boolean;
}

/**
 * Reads the numbers of calls by how they are dialled on the switch or trunk that they come from: once, where they come in, so that everybody
 * behind the door has them in international form. Of a source without rules they are left as they were told, for the usual reading. Rules are kept in
 * memory, and every instance looks for new ones once a second.
 */
export class NumberReader {
  readonly #sql: Sql;
  #rules: ReadonlyMap<string, KeptNumberRules> = new Map();

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async refresh(): Promise<void> {
    const kept = await readNumberRules(this.#sql);
    this.#rules = new Map(kept.map((each) => [keyOf(each), each]));
  }

  get all(): readonly KeptNumberRules[] {
    return [...this.#rules.values()];
  }

  /** Those of the trunk, else those of its switch. */
  rulesOf(source: NumberSource): NormalizeOptions | undefined {
    if (this.#rules.size === 0) return undefined;
    return (this.#rules.get(keyOf(source)) ?? this.#rules.get(keyOf({ ...source, trunk: '' })))?.rules;
  }

  /** A number that is called; one that its rules cannot read is refused. */
  called(source: NumberSource, dialled: string): Result<string, CodedRefusal> {
    const rules = this.rulesOf(source);
    if (rules === undefined) return ok(dialled);
    const number = normalizeE164(dialled, rules);
    if (number.ok) return number;
    return refuse({ code: number.refusal.code, field: 'calledNumber', detail: `The rules of ${nameOf(source)} cannot bring it into international form: ./tollwire numbers read` });
  }

  /** What is said of number portability beside the called number, else in it (RFC 4694), and the number without that. A routing number that cannot be read is refused. */
  ported(source: NumberSource, told: ReadNumbers): Result<ReadNumbers, CodedRefusal> {
    const { number: calledNumber, routingNumber: beside = '', npdi } = portedNumberOf(told.calledNumber);
    const ported = told.routingNumber || beside;
    const read = { calledNumber, npdi: told.npdi || npdi };
    if (ported === '') return ok({ ...read, routingNumber: '' });
    const routingNumber = normalizeE164(ported, this.rulesOf(source));
    if (routingNumber.ok) return ok({ ...read, routingNumber: routingNumber.value });
    return refuse({ code: routingNumber.refusal.code, field: 'routingNumber', detail: 'Give what number portability answered in international form, as +1301….' });
  }

  /** A number that calls: its international form, nothing where it is withheld, and as it was told where it is neither. */
  caller(source: NumberSource, told: string): string {
    const rules = this.rulesOf(source);
    if (rules === undefined || told === '') return told;
    const caller = callerOf(told, rules);
    return caller.kind === 'number' ? caller.e164 : caller.kind === 'anonymous' ? '' : told;
  }

  /** Puts the numbers of a call that has happened into international form, in place. One that cannot be read stays: the call happened, and rating says what it thinks of the number. */
  read(source: NumberSource, numbers: ToldNumbers): void {
    const told = { calledNumber: numbers.calledNumber, routingNumber: numbers.routingNumber ?? '', npdi: false };
    const ported = this.ported(source, told);
    numbers.calledNumber = portedNumberOf(numbers.calledNumber).number;
    if (numbers.routingNumber !== undefined && ported.ok) numbers.routingNumber = ported.value.routingNumber;
    if (this.rulesOf(source) === undefined) return;
    const called = this.called(source, numbers.calledNumber);
    if (called.ok) numbers.calledNumber = called.value;
    numbers.cli = this.caller(source, numbers.cli);
  }
}

/** No switch or trunk has a line break in its name. */
function keyOf({ switchId, trunk }: NumberSource): string {
  return `${switchId}\n${trunk}`;
}

function nameOf({ switchId, trunk }: NumberSource): string {
  return trunk === '' ? `switch ${switchId}` : `trunk ${trunk} of switch ${switchId}`;
}
