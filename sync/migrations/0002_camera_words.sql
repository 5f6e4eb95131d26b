-- What each camera said last of a building. From here on a row of `estimate` is what all of them
-- say together.
create table camera_word (
  building text not null,
  camera text not null,
  at integer not null,
  storeys real not null,
  low integer not null,
  high integer not null,
  stage integer not null,
  confidence real not null,
  bands text not null,
  primary key (building, camera)) without rowid;
insert into camera_word
  select building, camera, max(at), storeys, low, high, stage, confidence, bands
  from estimate where usable group by building, camera;
alter table estimate add column disagree integer not null default 0;
