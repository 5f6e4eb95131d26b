-- oldest 11
-- An older program knows no passwords and lets in by links, as before.
-- Private to the box: no event of the ledger, never sent.
-- Argon2id hashes of those who chose a password.
create table password (
  user text primary key,
  hash text not null) without rowid;
-- What happened at the door: failed sign-ins and the like, the newest few thousand.
create table door (
  id integer primary key,
  at integer not null,
  what text not null,
  user text not null,
  peer text not null);
