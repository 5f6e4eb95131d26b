-- What each camera's word rests on, as names and numbers: [["top_edge",16.4],["works_ahead",1.4]].
alter table camera_word add column grounds text not null default '[]';
