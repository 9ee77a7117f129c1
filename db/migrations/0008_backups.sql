CREATE TABLE "backup_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner_id" uuid NOT NULL,
	"recipient" text NOT NULL,
	"sealed_identity" "bytea" NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"retired_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "backup_tracking" (
	"owner_id" uuid PRIMARY KEY NOT NULL,
	"begun_xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"kept_from" "xid8" DEFAULT '0'::xid8 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "backups" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner_id" uuid NOT NULL,
	"job_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"reason" text DEFAULT 'manual' NOT NULL,
	"state" text DEFAULT 'pending' NOT NULL,
	"encryption" jsonb NOT NULL,
	"key_id" uuid,
	"prepared_header" "bytea",
	"sealed_file_key" "bytea",
	"full_every" integer NOT NULL,
	"parent_id" uuid,
	"chain_id" uuid NOT NULL,
	"position" integer DEFAULT 0 NOT NULL,
	"snapshot" "pg_snapshot",
	"database_system" text,
	"snapshot_at" timestamp with time zone,
	"storage_key" text,
	"size_bytes" bigint,
	"sha256" text,
	"manifest_sha256" text,
	"counts" jsonb,
	"failure" jsonb,
	"check_job_id" uuid,
	"check_sealed_file_key" "bytea",
	"check_result" jsonb,
	"checked_at" timestamp with time zone,
	"drill_result" jsonb,
	"drilled_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp with time zone,
	"deleted_at" timestamp with time zone,
	"remove_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "record_deletions" (
	"owner_id" uuid NOT NULL,
	"deleted_xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"collection_id" uuid NOT NULL,
	"record_id" uuid NOT NULL
);
--> statement-breakpoint
ALTER TABLE "backup_keys" ADD CONSTRAINT "backup_keys_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "backup_tracking" ADD CONSTRAINT "backup_tracking_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "backups" ADD CONSTRAINT "backups_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "backups" ADD CONSTRAINT "backups_key_id_backup_keys_id_fk" FOREIGN KEY ("key_id") REFERENCES "public"."backup_keys"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "backups" ADD CONSTRAINT "backups_parent_fk" FOREIGN KEY ("parent_id") REFERENCES "public"."backups"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "backup_keys_present_idx" ON "backup_keys" USING btree ("owner_id") WHERE retired_at is null;--> statement-breakpoint
CREATE INDEX "backups_owner_idx" ON "backups" USING btree ("owner_id","id");--> statement-breakpoint
CREATE INDEX "backups_remove_idx" ON "backups" USING btree ("remove_at") WHERE remove_at is not null;--> statement-breakpoint
CREATE INDEX "backups_parent_idx" ON "backups" USING btree ("parent_id");--> statement-breakpoint
CREATE INDEX "record_deletions_owner_idx" ON "record_deletions" USING btree ("owner_id","deleted_xid");--> statement-breakpoint
-- Notes deleted records for those owners whose backups go on from one another. The lock is shared by all who delete;
-- whoever begins tracking an owner takes it alone, and so waits for deletions that have not noted anything to be committed
-- before the first snapshot. The question whether an owner is tracked is asked only once the lock is held.
CREATE FUNCTION "ferry_note_deletions"() RETURNS trigger LANGUAGE plpgsql AS $$
declare
  owner uuid;
begin
  for owner in select distinct d.owner_id from deleted d loop
    perform pg_advisory_xact_lock_shared(4620714, hashtext(owner::text));
    if exists (select from backup_tracking t where t.owner_id = owner) then
      insert into record_deletions (owner_id, collection_id, record_id)
      select d.owner_id, d.collection_id, d.id from deleted d
      where d.owner_id = owner and exists (select from collections c where c.id = d.collection_id);
    end if;
  end loop;
  return null;
end
$$;
--> statement-breakpoint
CREATE TRIGGER "records_note_deletions" AFTER DELETE ON "records" REFERENCING OLD TABLE AS deleted
FOR EACH STATEMENT EXECUTE FUNCTION "ferry_note_deletions"();
