ALTER TABLE "imports" ADD COLUMN "retry_of" jsonb;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "retry" jsonb;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "notice" text;