-- What was said of each camera's last pictures, by the source's name of the picture: one that is
-- brought again is answered alike.
create table frame_answer (
  id integer primary key,
  camera text not null,
  frame text not null,
  taken integer not null,
  usable integer not null,
  reasons text not null,
  picture text not null,
  unique (camera, frame));
