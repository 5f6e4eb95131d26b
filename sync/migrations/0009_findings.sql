-- Projection of the ledger's finding events. A finding is named by the event that raised it; days are
-- text, `2024-11-08`, empty: none.
create table finding (
  id integer primary key,
  kind text not null,
  building text not null,
  storey integer not null,
  place_sha256 text not null,
  status text not null,
  raised integer not null,
  due text not null,
  updated integer not null);
create index finding_by_status on finding (status = 'closed', updated desc, id desc);
create table finding_step (
  ledger_index integer primary key,
  finding integer not null,
  act text not null,
  owner text not null,
  by text not null,
  said integer not null,
  said_quality text not null,
  text_sha256 text not null,
  status text not null,
  due text not null);
create index finding_step_of on finding_step (finding);
create table finding_photo (
  ledger_index integer not null,
  nth integer not null,
  sha256 text not null,
  primary key (ledger_index, nth)) without rowid;
create index finding_photo_named on finding_photo (sha256);
