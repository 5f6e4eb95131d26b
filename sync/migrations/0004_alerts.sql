-- What is raised now, and when it last was: a device that is silent, a limit that is passed. `raises`
-- are the times of the newest raises as JSON, [1731039180000], so that their number per hour is
-- bounded across restarts; `says` is the `data` of the newest raise in the ledger.
create table alert (
  kind text not null,
  device text not null,
  name text not null,
  open integer not null,
  at integer not null,
  ledger_index integer not null,
  says text not null,
  raises text not null,
  primary key (kind, device, name)) without rowid;
