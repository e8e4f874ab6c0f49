import { createReadStream, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { cdrFormats } from '../../services/edge/src/cdr-import/parsers.ts';
import { cdrRows } from '../../services/edge/src/cdr-import/rows.ts';
import { argumentsOf } from '../cli/arguments.ts';
import { root } from '../cli/project.ts';
import { options } from '../import.ts';
import { mappingOf } from './mapping.ts';

const page = readFileSync(join(root, 'docs/services/edge.md'), 'utf8').replaceAll('\\\n', '');
const commands = [...page.matchAll(/^\.\/tollwire import (cdr docs\/examples\/.*)$/gm)].map(([, command = '']) => command);
/** What each file tells of, besides the call that all of them have. */
const calls = { 'asterisk.csv': 2, 'asterisk-cel.csv': 1, 'freeswitch.jsonl': 2, 'kamailio.jsonl': 3, 'mapped.csv': 2 } as const;

describe('the example files of calls', () => {
  it('have a command each, of every format', () => {
    expect(commands.map((command) => /cdr\/([^ ]*)/.exec(command)?.[1])).toEqual(Object.keys(calls));
    expect(readdirSync(join(root, 'docs/examples/cdr')).toSorted()).toEqual(Object.keys(calls).toSorted());
    expect(commands.map((command) => /--format (\w+)/.exec(command)?.[1]).toSorted()).toEqual(cdrFormats.toSorted());
  });

  it.each(commands)('are taken whole by it: %s', async (command) => {
    const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
    const { values, positionals } = argumentsOf(words, options, { cdr: 1 });
    const [, file = ''] = positionals;
    const format = z.enum(cdrFormats).parse(values.format);
    const rows = cdrRows(format, createReadStream(join(root, file)), { switchId: values.switch, mapping: mappingOf(values.column, values.delimiter) });
    const told = [];
    for await (const { call } of rows) told.push(call.ok ? call.value : call.refusal);
    expect(told).toHaveLength({ ...calls }[z.enum(['asterisk.csv', 'asterisk-cel.csv', 'freeswitch.jsonl', 'kamailio.jsonl', 'mapped.csv']).parse(file.split('/').at(-1))]);
    expect(told).toContainEqual(expect.objectContaining({
      charged: expect.objectContaining({ party: { case: 'accountCode', value: 'ACME-01' } }), startedAtUs: 1_780_315_200_000_000n, q850Cause: 16, carrierCode: 'NORTH',
      calledNumber: expect.stringMatching(/^\+?442071838750$/),
    }));
    expect(told.filter((each) => 'code' in each)).toEqual([]);
  });
});
