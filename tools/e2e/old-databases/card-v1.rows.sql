-- What the card service of the first version left behind: a batch with one card that was sold, called with and topped up.
insert into event (stream, version, type, data, meta) values
  ('card_type/1', 1, 'CardTypeCreated', '{"cardTypeId": 1, "valueNanos": "100000000000"}', '{"by": "admin"}'),
  ('card/0012345678901234', 1, 'CardIssued', '{"cardTypeId": 1, "resellerId": 2}', '{"by": "admin", "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}');
insert into outbox (subject, event_count, payload) values ('tollwire.card.v1.batch.issued.0', 1, '\x0a00'), ('tollwire.card.v1.card.activated.1', 1, '\x0a00');
insert into outbox_pending (position, byte_count) values (2, 2);
insert into outbox_published (stream_created, stream_seq, message_id, positions) values ('2026-11-21T20:00:00Z', 1, '1-1', '{1}');
insert into inbox_consumer (name) values ('settle-charges');
insert into inbox (event_id, consumer) values ('01a2001a-6f72-8bc7-9aac-6c76af246224', 1);
insert into dead_letter (consumer, kind, event_id, type, source, key, time_us, headers, data, code, detail)
  values ('settle-charges', 'event', '01a2001a-6f72-8bc7-9aac-6c76af246225', 'tollwire.rating.v1.CallRated', 'tollwire/rating', 'card:1', 1, null, '\x00', 'unknown_card', '');
insert into reseller (username, userpass) values ('corner', 'scrypt$16384$8$1$c2FsdA$aGFzaA');
insert into cid (cid, resellerid) values (436641234567, 2);
insert into cardtype values (1, 10000, 'Large card', true, 1, 365, 60, 60, 'EUR');
insert into card_batch values ('b1', 1, 2, 1, 1, '2026-11-21T20:00:00Z');
insert into card_state values ('0012345678901234', 2, true, true, 1, 2, 'b1', 365, 'active', true, null, '2027-11-21T20:00:00Z');
insert into "order" (cardid, ordertime) values ('0012345678901234', '2026-11-21T20:00:00Z');
insert into sale (cardid, saletime) values ('0012345678901234', '2026-11-21T21:00:00Z');
insert into user_profile (customer_id, accountcode, voip_plan_id, currency, postpaid, credit_limit, opened_at) values ('acme', 'ACME-01', 1, 'EUR', true, 5000000000000, '2026-11-21T20:00:00Z');
insert into account_code values ('ACME-01', 'acme'), ('ACME-02', 'acme');
insert into userprofile_gateway values ('acme', 7);
insert into userprofile_voipservergroup values ('acme', 8);
insert into ledger_account values ('card:0012345678901234', 'EUR', 109915900000, 14824900000, 0, 3), ('customer:acme', 'EUR', 0, 0, 5000000000000, 0);
insert into transfer values
  ('card_value:0012345678901234', 'funding:EUR', 'card:0012345678901234', 100000000000, 'EUR', 'card_value', null, 1),
  ('top_up:t1', 'funding:EUR', 'card:0012345678901234', 10000000000, 'EUR', 'top_up', null, 2),
  ('call_charge:sw/c/0:1', 'card:0012345678901234', 'revenue:EUR', 84100000, 'EUR', 'call_charge', 'sw/c/0', 3);
insert into charge values ('sw/c/0', 1, 'card:0012345678901234', 'EUR', 84100000, 84100000, 0, 3);
insert into reservation values
  ('sw/c/0', '01a2001a-6f72-8bc7-9aac-6c76af246226', 'card:0012345678901234', 'card:0012345678901234', 14824900000, 7200, 1, 2, 'settled', '\x0a'),
  ('sw/d/0', '01a2001a-6f72-8bc7-9aac-6c76af246227', 'card:0012345678901234', 'card:0012345678901234', 14824900000, 7200, 1, 9000000000000000, 'open', '\x0a');
