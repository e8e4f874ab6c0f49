-- What the cdr service of the first version left behind: a call by card that is closed, one by account that is not, and an alarm.
insert into outbox (subject, event_count, payload) values ('tollwire.cdr.v1.call.closed.0', 1, '\x0a00');
insert into inbox_consumer (name) values ('close');
insert into inbox (event_id, consumer) values ('01a2001a-6f72-8bc7-9aac-6c76af246224', 1);
insert into voip_switch (name, ipaddress) values ('sw1', '192.0.2.1');
insert into hangup_cause (code, enumeration, cause) values (16, 'NORMAL_CLEARING', 'Normal call clearing');
insert into call_event (event_id, kind, call_key, source, bytes) values ('01a2001a-6f72-8bc7-9aac-6c76af246224', 4, 'sw1/c/0', 'switch/sw1', '\x0a00');
insert into call (started_at_us, answered_at_us, ended_at_us, rated_at_us, sell_nanos, switch_id, q850_cause, pulsetime, duration_sec, stopdelay, revision, leg, told, conflicts,
    pre_rated, status, flags, uniqueid, cardid, callednumber, called_e164, cli, carrier_code, terminatecause, currency, channel)
  values (1794690000000000, 1794690002700000, 1794690033700000, 1794690040000000, 84100000, 1, 16, 36, 31, 0, 1, 0, 15, 0,
    false, 'closed', '{}', 'c', '0012345678901234', '+436641234567', '436641234567', '436769999999', 'EAST', 'Normal call clearing', 'EUR', 'SIP/1');
insert into call (started_at_us, switch_id, stopdelay, leg, told, conflicts, status, flags, uniqueid, account_code, callednumber, cli, carrier_code, channel)
  values (1794690000000000, 1, 0, 1, 1, 0, 'started', '{no_end}', 'd', 'ACME-01', '+4315551234', '', '', '');
insert into account_code values ('ACME-01', 'acme');
insert into alarm (name, alert_value, email_to_send_alarm) values ('short calls', 60, 'noc@carrier.example');
insert into alarm_report (alarm_id, calculatedvalue, threshold, status) values (1, 45, 60, 'alarm_sent');
insert into alert_remove_prefix (label, prefix) values ('test calls', '0');
insert into blacklist (phonenumber_prefix, country) values ('882', 'AT');
insert into whitelist (user_id, phonenumber_prefix) values (1, '43');
