CREATE TABLE "record_edits" (
	"collection_id" uuid NOT NULL,
	"record_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"kind" text NOT NULL,
	"before" jsonb NOT NULL,
	"before_source_import_id" uuid,
	"by_user_id" uuid NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "record_edits_collection_id_record_id_version_pk" PRIMARY KEY("collection_id","record_id","version")
);
--> statement-breakpoint
CREATE TABLE "record_givens" (
	"collection_id" uuid NOT NULL,
	"record_id" uuid NOT NULL,
	"import_id" uuid NOT NULL,
	"given" jsonb NOT NULL,
	"given_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "record_givens_collection_id_record_id_import_id_pk" PRIMARY KEY("collection_id","record_id","import_id")
);
--> statement-breakpoint
CREATE TABLE "record_origins" (
	"collection_id" uuid NOT NULL,
	"origin_id" uuid NOT NULL,
	"record_id" uuid NOT NULL,
	"import_id" uuid NOT NULL,
	CONSTRAINT "record_origins_collection_id_origin_id_import_id_pk" PRIMARY KEY("collection_id","origin_id","import_id")
);
--> statement-breakpoint
CREATE TABLE "import_undos" (
	"id" uuid PRIMARY KEY NOT NULL,
	"import_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"choices" jsonb NOT NULL,
	"counts" jsonb,
	"state" text DEFAULT 'pending' NOT NULL,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "undo_entries" (
	"undo_id" uuid NOT NULL,
	"chunk" integer NOT NULL,
	"record_id" uuid NOT NULL,
	"op" text NOT NULL,
	"before" jsonb,
	"before_version" integer,
	"before_source_import_id" uuid,
	"before_created_at" timestamp with time zone,
	"before_updated_at" timestamp with time zone,
	"after_version" integer,
	CONSTRAINT "undo_entries_undo_id_record_id_pk" PRIMARY KEY("undo_id","record_id")
);
--> statement-breakpoint
ALTER TABLE "collections" ADD COLUMN "matching" jsonb;--> statement-breakpoint
ALTER TABLE "imports" ADD COLUMN "source_key" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "journal_chunks" ADD COLUMN "is_deletion" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "cancel_leaves" text DEFAULT 'nothing' NOT NULL;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "pause_requested_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "record_edits" ADD CONSTRAINT "record_edits_collection_id_collections_id_fk" FOREIGN KEY ("collection_id") REFERENCES "public"."collections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "record_givens" ADD CONSTRAINT "record_givens_collection_id_collections_id_fk" FOREIGN KEY ("collection_id") REFERENCES "public"."collections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "record_origins" ADD CONSTRAINT "record_origins_collection_id_collections_id_fk" FOREIGN KEY ("collection_id") REFERENCES "public"."collections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "import_undos" ADD CONSTRAINT "import_undos_import_id_imports_id_fk" FOREIGN KEY ("import_id") REFERENCES "public"."imports"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "undo_entries" ADD CONSTRAINT "undo_entries_undo_id_import_undos_id_fk" FOREIGN KEY ("undo_id") REFERENCES "public"."import_undos"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "import_undos_import_idx" ON "import_undos" USING btree ("import_id","id");