-- What the routing service of the first version left behind: a carrier with direct rates, one of which was replaced.
insert into event (stream, version, type, data, meta) values ('provider/NORTH', 1, 'ProviderRegistered', '{"carrierCode": "NORTH"}', '{}');
insert into provider (carriercode, providertech, providerip, providername, timeout_sec, priority) values ('NORTH', 'SIP', 'sip.north.example', 'North Wholesale', 30, 1);
insert into providerdestination (countryprefixid, providerid) values (2, 1);
insert into providerrate (providerid, countryprefixid, rate, prefix, currency, valid_from, valid_until) values
  (1, 2, 0.081, '43664', 'EUR', '2026-01-01T00:00:00Z', '2026-06-01T00:00:00Z'), (1, 2, 0.08, '43664', 'EUR', '2026-06-01T00:00:00Z', null);
insert into deck_activation values (1, 1, 1, 1, repeat('ab', 32), 'EUR', '', 1, 3, 1767225600000000, null), (3, 1, 1, 1, repeat('cd', 32), 'EUR', 'NORTH', 1, 3, 1767225600000000, 1794690000000000);
insert into deck_chunk values (repeat('ab', 32), 0, '\x0a00');
insert into plan_fact values ('voip_plan:1', 1, '\x0a00');
update replica_revision set revision = 3;
