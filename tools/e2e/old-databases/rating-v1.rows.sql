-- What the rating service of the first version left behind: a call that was rated on both sides, one that waits, and what prices it.
insert into outbox (subject, event_count, payload) values ('tollwire.rating.v1.call.rated.1', 1, '\x0a00');
insert into dead_letter (consumer, kind, event_id, type, source, key, time_us, headers, data, code, detail, tries)
  values ('rate', 'event', '01a2001a-6f72-8bc7-9aac-6c76af246225', 'tollwire.call.v1.CallEnded', 'switch/sw1', 'card:9999999999999999', 1, null, '\x00', 'unknown_party', '{}', 3);
insert into subscriber_plan values ('card:0012345678901234', 1, null, 60, 60), ('account:ACME-01', null, 1, 0, 0);
insert into direct_rate values ('NORTH', '43', 1794690000000000, 'EUR', 10100000);
insert into rated_call (call_key, revision, party_key, plan_kind, plan_id, called_e164, started_at_us, answered_at_us, ended_at_us, q850_cause, duration_sec, carrier_code, pre_rated, rated_at_us,
    sell_nanos, sell_currency, sell_deck_digest, sell_prefix, sell_rate_per_min_nanos, sell_connect_fee_nanos, sell_initial_increment_sec, sell_increment_sec, sell_billed_sec, sell_rounding_decimals, sell_rounding_mode,
    buy_nanos, buy_currency, buy_prefix, buy_rate_per_min_nanos, buy_billed_sec)
  values ('sw1/c/0', 1, 'card:0012345678901234', 'tariff', 1, '436641234567', 1794690000000000, 1794690002700000, 1794690033700000, 16, 31, 'EAST', false, 1794690040000000,
    84100000, 'EUR', repeat('ab', 32), '43664', 123457000, 10000000, 30, 6, 36, 4, 'up', 42000000, 'EUR', '43664', 70000000, 36);
insert into deck_activation values (1, 1, 1, 1, repeat('ab', 32), 'EUR', '', 1, 3, 1767225600000000, null), (3, 1, 1, 1, repeat('cd', 32), 'EUR', 'NORTH', 1, 3, 1767225600000000, 1794690000000000);
insert into deck_chunk values (repeat('ab', 32), 0, '\x0a00');
insert into plan_fact values ('voip_plan:1', 1, '\x0a00');
update replica_revision set revision = 3;
