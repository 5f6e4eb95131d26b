-- Never edited once released: a change is another file. Times are milliseconds since 1970, UTC.

-- Readings. A series is device, quantity and statistic; nth is 0 for the first value of an identity
-- (series, at), and counts up for other values that came for the same identity.
create table series (
  id integer primary key,
  device text not null,
  quantity text not null,
  period integer not null,
  aggregate integer not null,
  unique (device, quantity, period, aggregate));
create table unit (
  id integer primary key,
  name text not null unique);
create table reading (
  id integer primary key,
  series integer not null,
  at integer not null,
  nth integer not null,
  value real not null,
  unit integer not null,
  received integer not null,
  quality integer not null,
  flag text not null);
create unique index reading_identity on reading (series, at, nth);
-- Costs nothing for readings that nobody contradicts.
create unique index reading_beside on reading (series, at, value, unit) where nth > 0;

-- The ledger: leaves, the perfect subtrees above them, and one signed tree head per commit.
create table event (
  idx integer primary key,
  leaf text not null);
create table node (
  level integer not null,
  idx integer not null,
  hash blob not null,
  primary key (level, idx)) without rowid;
create table checkpoint (
  size integer primary key,
  root blob not null,
  note text not null);

-- Projection of the ledger's milestone events.
create table milestone (
  building text not null,
  kind text not null,
  storey integer not null,
  status text not null,
  at integer not null,
  updated integer not null,
  ledger_index integer not null,
  primary key (building, kind, storey)) without rowid;
create table statement (
  ledger_index integer primary key,
  building text not null,
  kind text not null,
  storey integer not null,
  act text not null,
  owner text not null,
  by text not null,
  named_at integer not null,
  said integer not null,
  said_quality text not null,
  evidence text not null,
  comment_sha256 text not null,
  document_sha256 text not null);
create index statement_of on statement (building, kind, storey);
-- The words behind hashes in the ledger; never leave the box.
create table private_text (
  sha256 text primary key,
  words text not null,
  at integer not null) without rowid;

-- Cameras and what vision made of their pictures.
create table camera (
  id text primary key,
  frame text not null,
  taken integer not null,
  state blob not null);
create table estimate (
  id integer primary key,
  building text not null,
  camera text not null,
  at integer not null,
  storeys real not null,
  low integer not null,
  high integer not null,
  stage integer not null,
  confidence real not null,
  bands text not null,
  corrected integer not null,
  correction text not null,
  usable integer not null,
  reasons text not null,
  picture text not null,
  overlay text not null);
create unique index estimate_of on estimate (building, at, camera);
create table evidence (
  sha256 text primary key,
  kind text not null,
  camera text not null,
  building text not null,
  at integer not null,
  bytes integer not null) without rowid;

-- What the platform does not have. Lanes: 0 evidence, 1 state.
create table outbox (
  id integer primary key autoincrement,
  lane integer not null,
  key text not null,
  payload text not null,
  unique (lane, key));
create table outbox_count (
  lane integer primary key,
  waiting integer not null);
insert into outbox_count values (0, 0), (1, 0);
create trigger outbox_in after insert on outbox begin
  update outbox_count set waiting = waiting + 1 where lane = new.lane;
end;
create trigger outbox_out after delete on outbox begin
  update outbox_count set waiting = waiting - 1 where lane = old.lane;
end;
create table building_state (
  building text primary key,
  payload text not null) without rowid;

-- Numbers that must survive: cursors of lanes, counts.
create table number (
  name text primary key,
  value integer not null) without rowid;

create table quarantine (
  id integer primary key autoincrement,
  at integer not null,
  driver text not null,
  peer text not null,
  device text not null,
  reason text not null,
  detail text not null,
  bytes blob not null);
create table refusal_count (
  device text not null,
  reason text not null,
  refused integer not null,
  primary key (device, reason)) without rowid;

-- Secrets only as SHA-256; times here are system seconds. Kinds: 0 viewer, 1 sign-in.
create table token (
  sha256 text primary key,
  kind integer not null,
  user text not null,
  expires integer not null) without rowid;
create table session (
  sha256 text primary key,
  user text not null,
  csrf text not null,
  expires integer not null) without rowid;
