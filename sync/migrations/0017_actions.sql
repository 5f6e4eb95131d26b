-- oldest 13
-- An older program starts no action; what it lets people confirm is followed at the next start of a newer one.
-- Projection of the ledger's action events: the newest of each rule and building, phase or project.
-- Days are text, `2026-11-28`. started: the event that started it.
create table action (
  rule text not null,
  subject text not null,
  action text not null,
  since text not null,
  due text not null,
  stands integer not null,
  started integer not null,
  updated integer not null,
  ledger_index integer not null,
  primary key (rule, subject)) without rowid;
