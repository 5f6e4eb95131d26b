-- What devices asked under a key of their own (Idempotency-Key) and what they were answered; the
-- newest of each device.
create table once (
  id integer primary key autoincrement,
  device text not null,
  key text not null,
  fingerprint text not null,
  answer text not null,
  unique (device, key));
create index once_age on once (device, id);
