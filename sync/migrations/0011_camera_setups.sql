-- oldest 11
-- An older program would show what a mask drawn on the page hides.
-- Projection of the ledger's camera events: what was set up on the page and stands before the file.
-- setup: JSON as in the leaf.
create table camera_setup (
  camera text primary key,
  ledger_index integer not null,
  at integer not null,
  setup text not null) without rowid;
