-- oldest 13
-- An older program brings nothing older to nodes.
alter table rollout add column allow_older integer not null default 0;
