import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '@tollwire/testing';
import pg from 'pg';
import { root } from '../cli/project.ts';

const runbook = readFileSync(join(root, 'docs/RUNBOOK.md'), 'utf8');
/** What is in quotes after `-c`, or a statement in backquotes, as it would be typed. */
const statements = [...runbook.matchAll(/-c "([^"]+)"|`(SELECT [^`]+)`/g)].map(([, command, statement]) => (command ?? statement ?? '').replaceAll(/\s+/g, ' '));

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await testDatabase('runbook');
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

describe('the runbook', () => {
  it.each(statements)('has a statement that PostgreSQL takes: %s', async (statement) => {
    // No process has the id 0, so nothing is ended.
    expect((await client.query(statement.replace('PID', '0'))).rows.length).toBeGreaterThanOrEqual(0);
  });

  it('has some', () => {
    expect(statements.length).toBeGreaterThanOrEqual(7);
  });
});
