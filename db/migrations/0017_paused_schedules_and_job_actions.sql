ALTER TABLE "backup_policies" ADD COLUMN "paused" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "action" text DEFAULT 'run' NOT NULL;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "undoes" text;--> statement-breakpoint
UPDATE "jobs" SET "action" = CASE WHEN "title" LIKE 'Redo of %' THEN 'redo' ELSE 'undo' END,
  "undoes" = CASE WHEN EXISTS (SELECT FROM "restores" r WHERE r."id" = "jobs"."subject_id") THEN 'restore' ELSE 'import' END
  WHERE "kind" = 'undo';--> statement-breakpoint
UPDATE "jobs" SET "action" = 'verify' WHERE "kind" = 'backup' AND "title" = 'Verification of a backup';
