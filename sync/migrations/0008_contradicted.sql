-- Devices whose heights spoke against a statement when it was made, as JSON: ["crane-1"].
alter table statement add column contradicted_by text not null default '[]';
