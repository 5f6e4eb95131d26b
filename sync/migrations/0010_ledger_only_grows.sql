-- The ledger only grows, whoever holds the database: no leaf, node or checkpoint is changed or
-- taken out, and the next leaf is the next index. `insert or replace` fires no delete trigger, so
-- inserting looks for itself.
create trigger event_stays before update on event begin
  select raise(abort, 'a leaf of the ledger is never changed');
end;
create trigger event_is_kept before delete on event begin
  select raise(abort, 'a leaf of the ledger is never deleted');
end;
create trigger event_is_next before insert on event
when new.idx <> (select coalesce(max(idx) + 1, 0) from event) begin
  select raise(abort, 'a leaf of the ledger follows the last');
end;
create trigger node_stays before update on node begin
  select raise(abort, 'a hash of the ledger is never changed');
end;
create trigger node_is_kept before delete on node begin
  select raise(abort, 'a hash of the ledger is never deleted');
end;
create trigger node_is_new before insert on node
when exists (select 1 from node where level = new.level and idx = new.idx) begin
  select raise(abort, 'a hash of the ledger is never replaced');
end;
create trigger checkpoint_stays before update on checkpoint begin
  select raise(abort, 'a checkpoint of the ledger is never changed');
end;
create trigger checkpoint_is_kept before delete on checkpoint begin
  select raise(abort, 'a checkpoint of the ledger is never deleted');
end;
create trigger checkpoint_is_next before insert on checkpoint
when new.size <= (select coalesce(max(size), -1) from checkpoint) begin
  select raise(abort, 'a checkpoint of the ledger is larger than the last');
end;
-- The latest picture of a camera is asked for by the platform.
create index evidence_of_camera on evidence (camera, at);
