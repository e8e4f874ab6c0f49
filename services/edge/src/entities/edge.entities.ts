import { defineEntity, p } from '@mikro-orm/core';

/** An API key and its holder; the digest is all that is kept of the secret. */
export const ApiKeyEntity = defineEntity({
  name: 'ApiKey',
  tableName: 'api_key',
  properties: {
    keyId: p.text().primary().fieldName('key_id'),
    name: p.text(),
    role: p.text(),
    resellerId: p.integer().fieldName('reseller_id'),
    digest: p.text(),
    issuedBy: p.text().fieldName('issued_by'),
    issuedAt: p.datetime().fieldName('issued_at'),
    revokedBy: p.text().fieldName('revoked_by').nullable(),
    revokedAt: p.datetime().fieldName('revoked_at').nullable(),
  },
});

/** A row of a CDR file that could not be read, with the reason and the row itself. */
export const ImportRowErrorEntity = defineEntity({
  name: 'ImportRowError',
  tableName: 'import_row_error',
  properties: {
    importRowErrorId: p.bigint().primary().fieldName('import_row_error_id'),
    importId: p.text().fieldName('import_id'),
    format: p.text(),
    line: p.bigint(),
    code: p.text(),
    field: p.text().nullable(),
    detail: p.text(),
    rowText: p.text().fieldName('row_text'),
    importedBy: p.text().fieldName('imported_by'),
    refusedAt: p.datetime().fieldName('refused_at'),
  },
});

/** Calls of files that are durable and wait to be told of, packed. */
export const ImportQueueEntity = defineEntity({
  name: 'ImportQueue',
  tableName: 'import_queue',
  properties: {
    position: p.bigint().primary(),
    subject: p.text(),
    eventCount: p.integer().fieldName('event_count'),
    payload: p.blob(),
    queuedAt: p.datetime().fieldName('queued_at'),
  },
});

/** How numbers are dialled on a switch, or on a trunk of it. */
export const NumberRulesEntity = defineEntity({
  name: 'NumberRules',
  tableName: 'number_rules',
  properties: {
    switchId: p.text().primary().fieldName('switch_id'),
    trunk: p.text().primary(),
    rules: p.json(),
    setBy: p.text().fieldName('set_by'),
    setAt: p.datetime().fieldName('set_at'),
  },
});

export const entities = [ApiKeyEntity, ImportRowErrorEntity, ImportQueueEntity, NumberRulesEntity];
