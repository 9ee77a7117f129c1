CREATE TABLE "backup_policies" (
	"owner_id" uuid PRIMARY KEY NOT NULL,
	"schedule" jsonb,
	"retention" jsonb NOT NULL,
	"full_every" integer NOT NULL,
	"encryption" jsonb NOT NULL,
	"next_run_at" timestamp with time zone,
	"last_run_at" timestamp with time zone,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "backup_policies" ADD CONSTRAINT "backup_policies_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "backup_policies_next_run_idx" ON "backup_policies" USING btree ("next_run_at");