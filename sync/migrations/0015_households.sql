-- oldest 13
-- An older program counts no households and shows none.
-- Projection of the ledger's households events: counts only. Days are text, `2026-11-28`.
-- corrected_by: the event that stands in its place; null: it stands itself.
create table household_count (
  ledger_index integer primary key,
  subject text not null,
  counted text not null,
  awaiting_return integer not null,
  housed integer not null,
  awaiting_registration integer not null,
  by text not null,
  said integer not null,
  document_sha256 text not null,
  corrects integer,
  corrected_by integer);
create unique index household_count_stands on household_count (subject, counted)
  where corrected_by is null;
