-- How often hoists and cranes that are a building's witnesses reached which floor or metre.
create table height_level (
  device text not null,
  quantity text not null,
  level integer not null,
  seen integer not null,
  first integer not null,
  last integer not null,
  primary key (device, quantity, level)) without rowid;
