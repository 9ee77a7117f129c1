CREATE TABLE "restore_notices" (
	"restore_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"kind" text NOT NULL,
	"subject_id" uuid,
	"title" text NOT NULL,
	"message" text NOT NULL,
	"mail_state" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"read_at" timestamp with time zone,
	"resolved_at" timestamp with time zone,
	"state" text DEFAULT 'staged' NOT NULL,
	CONSTRAINT "restore_notices_restore_id_id_pk" PRIMARY KEY("restore_id","id")
);
--> statement-breakpoint
CREATE TABLE "restore_settings" (
	"restore_id" uuid NOT NULL,
	"setting" text NOT NULL,
	"about" text NOT NULL,
	"before" jsonb,
	"after" jsonb,
	"state" text DEFAULT 'staged' NOT NULL,
	CONSTRAINT "restore_settings_restore_id_setting_about_pk" PRIMARY KEY("restore_id","setting","about")
);
--> statement-breakpoint
ALTER TABLE "notices" ADD COLUMN "restored_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "restores" ADD COLUMN "categories" text[];--> statement-breakpoint
ALTER TABLE "restore_notices" ADD CONSTRAINT "restore_notices_restore_id_restores_id_fk" FOREIGN KEY ("restore_id") REFERENCES "public"."restores"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "restore_settings" ADD CONSTRAINT "restore_settings_restore_id_restores_id_fk" FOREIGN KEY ("restore_id") REFERENCES "public"."restores"("id") ON DELETE cascade ON UPDATE no action;