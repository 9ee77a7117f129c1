DROP INDEX "journal_entries_chunk_idx";--> statement-breakpoint
DROP INDEX "undo_entries_chunk_idx";--> statement-breakpoint
ALTER TABLE "journal_entries" DROP CONSTRAINT "journal_entries_import_id_record_id_pk";--> statement-breakpoint
ALTER TABLE "undo_entries" DROP CONSTRAINT "undo_entries_undo_id_record_id_pk";--> statement-breakpoint
ALTER TABLE "journal_entries" ADD CONSTRAINT "journal_entries_import_id_chunk_record_id_pk" PRIMARY KEY("import_id","chunk","record_id");--> statement-breakpoint
ALTER TABLE "undo_entries" ADD CONSTRAINT "undo_entries_undo_id_chunk_record_id_pk" PRIMARY KEY("undo_id","chunk","record_id");