CREATE TABLE "notices" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"fact" text NOT NULL,
	"subject_id" uuid,
	"title" text NOT NULL,
	"message" text NOT NULL,
	"position" bigint DEFAULT nextval('job_events_position_seq') NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"read_at" timestamp with time zone,
	"resolved_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "backups" ADD COLUMN "kept_by_hand_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "backups" ADD COLUMN "scheduled_for" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "notices" ADD CONSTRAINT "notices_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "notices_owner_idx" ON "notices" USING btree ("owner_id","position");--> statement-breakpoint
CREATE UNIQUE INDEX "notices_open_idx" ON "notices" USING btree ("owner_id","fact") WHERE resolved_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "backups_run_idx" ON "backups" USING btree ("owner_id","scheduled_for");--> statement-breakpoint
CREATE INDEX "jobs_unfinished_idx" ON "jobs" USING btree ("state") WHERE finished_at is null;