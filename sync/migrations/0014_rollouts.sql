-- oldest 13
-- Projection of the ledger's rollout events. A rollout is named by the event that began it; step is
-- the last of each node, empty: its turn has not come.
create table rollout (
  id integer primary key,
  image text not null,
  version text not null,
  security_counter integer,
  owner text not null,
  status text not null,
  began integer not null,
  updated integer not null);
create table rollout_node (
  rollout integer not null,
  nth integer not null,
  node text not null,
  step text not null,
  reason text not null,
  at integer not null,
  primary key (rollout, nth)) without rowid;
create index rollout_node_of on rollout_node (node, step);
-- Private to the box. Images that may be rolled out; their files lie in the state folder.
create table firmware (
  sha256 text primary key,
  version text not null,
  security_counter integer,
  bytes integer not null,
  kept integer not null) without rowid;
-- What `jieding rollout` asks of the running gateway: JSON, and its answer.
create table rollout_order (
  id integer primary key,
  asked text not null,
  answer text);
