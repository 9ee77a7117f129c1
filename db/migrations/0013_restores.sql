CREATE TABLE "audit_entries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner_id" uuid NOT NULL,
	"action" text NOT NULL,
	"subject_id" uuid NOT NULL,
	"detail" jsonb NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "restores" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner_id" uuid NOT NULL,
	"job_id" uuid NOT NULL,
	"backup_id" uuid,
	"upload_ids" uuid[] DEFAULT '{}' NOT NULL,
	"file_name" text NOT NULL,
	"scope" jsonb NOT NULL,
	"strategy" text NOT NULL,
	"state" text DEFAULT 'pending' NOT NULL,
	"sealed_file_keys" jsonb,
	"plan" jsonb,
	"safety" jsonb DEFAULT '{"state":"none","backupId":null,"failure":null,"reason":null}'::jsonb NOT NULL,
	"result" jsonb,
	"undo" jsonb,
	"failure" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"expires_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "imports" ADD COLUMN "restore_id" uuid;--> statement-breakpoint
ALTER TABLE "imports" ADD COLUMN "restored" jsonb;--> statement-breakpoint
ALTER TABLE "audit_entries" ADD CONSTRAINT "audit_entries_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "restores" ADD CONSTRAINT "restores_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_entries_owner_idx" ON "audit_entries" USING btree ("owner_id","id");--> statement-breakpoint
CREATE INDEX "restores_owner_idx" ON "restores" USING btree ("owner_id","id");--> statement-breakpoint
CREATE INDEX "restores_backup_idx" ON "restores" USING btree ("backup_id") WHERE backup_id is not null;--> statement-breakpoint
ALTER TABLE "imports" ADD CONSTRAINT "imports_restore_id_restores_id_fk" FOREIGN KEY ("restore_id") REFERENCES "public"."restores"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "imports_restore_idx" ON "imports" USING btree ("restore_id") WHERE restore_id is not null;