CREATE TABLE "undo_chunks" (
	"undo_id" uuid NOT NULL,
	"chunk" integer NOT NULL,
	CONSTRAINT "undo_chunks_undo_id_chunk_pk" PRIMARY KEY("undo_id","chunk")
);
--> statement-breakpoint
ALTER TABLE "undo_chunks" ADD CONSTRAINT "undo_chunks_undo_id_import_undos_id_fk" FOREIGN KEY ("undo_id") REFERENCES "public"."import_undos"("id") ON DELETE cascade ON UPDATE no action;