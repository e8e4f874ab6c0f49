-- What the edge of the first version left behind: a switch's key, a key that was revoked, journalled events, and a row of a bad file.
insert into event (stream, version, type, data, meta) values ('api_key/00112233445566aa', 1, 'ApiKeyIssued', '{"role": "switch"}', '{}');
insert into outbox (subject, event_count, payload) values ('tollwire.edge.v1.call.ended.3', 2, '\x0a000a00');
insert into outbox_pending (position, byte_count) values (1, 4);
insert into api_key values
  ('00112233445566aa', 'vienna', 'switch', 0, repeat('0a', 32), 'admin', '2026-11-21T20:00:00Z', null, null),
  ('00112233445566bb', 'corner', 'reseller', 2, repeat('0b', 32), 'admin', '2026-11-21T20:00:00Z', 'admin', '2026-11-21T21:00:00Z');
insert into import_row_error (import_id, format, line, code, field, detail, row_text, imported_by, refused_at)
  values ('file-1', 'asterisk_csv', 2, 'cdr_malformed', '$', 'The row has 4 columns.', '"acc","4366"', 'admin', '2026-11-21T20:00:00Z');
