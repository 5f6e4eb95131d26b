-- oldest 13
-- An older program would let in whom the operator has shut out.
-- Who may sign in besides, or otherwise than, the configuration file says: set by the operator on
-- the page. Names are private to the box; the ledger's user events know people by their hashes.
-- role: as in config, group, contractor or operator.
create table user_account (
  user text primary key,
  name text not null,
  role text not null,
  disabled integer not null,
  at integer not null) without rowid;
