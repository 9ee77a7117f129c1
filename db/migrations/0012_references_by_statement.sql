ALTER TABLE "record_givens" DROP CONSTRAINT "record_givens_collection_id_collections_id_fk";
--> statement-breakpoint
ALTER TABLE "record_origins" DROP CONSTRAINT "record_origins_collection_id_collections_id_fk";
--> statement-breakpoint
ALTER TABLE "records" DROP CONSTRAINT "records_collection_id_collections_id_fk";
--> statement-breakpoint
ALTER TABLE "journal_entries" DROP CONSTRAINT "journal_entries_import_id_imports_id_fk";
--> statement-breakpoint
ALTER TABLE "undo_entries" DROP CONSTRAINT "undo_entries_undo_id_import_undos_id_fk";
--> statement-breakpoint
-- What the foreign keys did, once per statement instead of once per row. The lock on the collection's row is the one that
-- a foreign key takes: whoever deletes the collection waits, and then finds the new records as well.
CREATE FUNCTION "ferry_check_collections"() RETURNS trigger LANGUAGE plpgsql AS $$
declare
  wanted uuid;
begin
  for wanted in select distinct a.collection_id from added a loop
    perform from collections c where c.id = wanted for key share;
    if not found then
      raise foreign_key_violation using message = 'records of a collection that does not exist';
    end if;
  end loop;
  return null;
end
$$;
--> statement-breakpoint
CREATE TRIGGER "records_check_collections" AFTER INSERT ON "records" REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION "ferry_check_collections"();
--> statement-breakpoint
-- One by one, so that each deletion is planned by the index, whatever the number of rows.
CREATE FUNCTION "ferry_remove_with_collections"() RETURNS trigger LANGUAGE plpgsql AS $$
declare
  gone uuid;
begin
  for gone in select r.id from removed r loop
    delete from records where collection_id = gone;
    delete from record_givens where collection_id = gone;
    delete from record_origins where collection_id = gone;
  end loop;
  return null;
end
$$;
--> statement-breakpoint
CREATE TRIGGER "collections_remove_records" AFTER DELETE ON "collections" REFERENCING OLD TABLE AS removed
FOR EACH STATEMENT EXECUTE FUNCTION "ferry_remove_with_collections"();
--> statement-breakpoint
CREATE FUNCTION "ferry_remove_with_imports"() RETURNS trigger LANGUAGE plpgsql AS $$
declare
  gone uuid;
begin
  for gone in select r.id from removed r loop
    delete from journal_entries where import_id = gone;
  end loop;
  return null;
end
$$;
--> statement-breakpoint
CREATE TRIGGER "imports_remove_journal" AFTER DELETE ON "imports" REFERENCING OLD TABLE AS removed
FOR EACH STATEMENT EXECUTE FUNCTION "ferry_remove_with_imports"();
--> statement-breakpoint
CREATE FUNCTION "ferry_remove_with_undos"() RETURNS trigger LANGUAGE plpgsql AS $$
declare
  gone uuid;
begin
  for gone in select r.id from removed r loop
    delete from undo_entries where undo_id = gone;
  end loop;
  return null;
end
$$;
--> statement-breakpoint
CREATE TRIGGER "import_undos_remove_entries" AFTER DELETE ON "import_undos" REFERENCING OLD TABLE AS removed
FOR EACH STATEMENT EXECUTE FUNCTION "ferry_remove_with_undos"();
