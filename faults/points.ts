import type { Sql } from "@/db/client";
import type { Kind } from "./data";

/** A step of a person's way through an import, in which a fault may strike. */
export type Stage = "import" | "undo" | "redo";

export interface Point<S extends string = Stage, K extends string = Kind> {
  phase: string;
  /** What the trigger of the database calls the moment. */
  label: string;
  stage: S;
  /** It may be the n-th time that the moment comes, up to this. */
  times?: number;
  /** Those in which it comes; all of them without. */
  kinds?: readonly K[];
}

/**
 * Moments in which a fault strikes: before, inside and after each phase. `memo.…` lies between what a step has
 * committed and the engine's knowing of it; `ddl.…` and `chunk.…` lie inside an open transaction.
 */
export const POINTS: readonly Point[] = [
  { stage: "import", phase: "before reading", label: "event.import/requested" },
  { stage: "import", phase: "before reading", label: "import.staging" },
  { stage: "import", phase: "inside reading", label: "ddl.staged" },
  { stage: "import", phase: "inside reading", label: "ddl.staged.keyed" },
  { stage: "import", phase: "after reading", label: "memo.stage" },
  { stage: "import", phase: "before matching", label: "job.matching" },
  { stage: "import", phase: "inside matching", label: "ddl.planned" },
  { stage: "import", phase: "inside matching", label: "ddl.planned.keyed", kinds: ["update", "replace"] },
  { stage: "import", phase: "after matching", label: "memo.plan-0" },
  { stage: "import", phase: "before review", label: "import.awaiting_review", kinds: ["update"] },
  { stage: "import", phase: "inside review", label: "resolution", kinds: ["update"] },
  { stage: "import", phase: "inside review", label: "import.approved", kinds: ["update"] },
  { stage: "import", phase: "inside review", label: "event.import/decided", kinds: ["update"] },
  { stage: "import", phase: "after review", label: "memo.decision-0", kinds: ["update"] },
  { stage: "import", phase: "inside claiming", label: "import.applying" },
  { stage: "import", phase: "after claiming", label: "memo.claim-0-0" },
  { stage: "import", phase: "inside applying", label: "chunk.begun", times: 2 },
  { stage: "import", phase: "inside applying", label: "chunk.written", times: 2 },
  { stage: "import", phase: "inside applying", label: "job.batch", times: 2 },
  { stage: "import", phase: "inside deleting", label: "chunk.deleted", kinds: ["replace"] },
  { stage: "import", phase: "after applying", label: "memo.apply-0" },
  { stage: "import", phase: "inside finishing", label: "import.completed" },
  { stage: "import", phase: "after finishing", label: "memo.finish" },
  { stage: "undo", phase: "before undoing", label: "import.undoing" },
  { stage: "undo", phase: "before undoing", label: "event.import/undo.requested" },
  { stage: "undo", phase: "before undoing", label: "memo.claim-0" },
  { stage: "undo", phase: "inside undoing", label: "chunk.undone", times: 2 },
  { stage: "undo", phase: "inside undoing", label: "job.batch", times: 2 },
  { stage: "undo", phase: "after undoing", label: "memo.undo-0" },
  { stage: "undo", phase: "inside finishing the undo", label: "import.undone" },
  { stage: "undo", phase: "after finishing the undo", label: "memo.finish" },
  { stage: "redo", phase: "before redoing", label: "import.redoing" },
  { stage: "redo", phase: "before redoing", label: "memo.claim-0" },
  { stage: "redo", phase: "inside redoing", label: "chunk.undone", times: 2 },
  { stage: "redo", phase: "inside redoing", label: "job.batch", times: 2 },
  { stage: "redo", phase: "after redoing", label: "memo.redo-0" },
  { stage: "redo", phase: "inside finishing the redo", label: "import.completed" },
  { stage: "redo", phase: "after finishing the redo", label: "memo.finish" },
];

/** Class of the advisory lock that the armed moment waits for; any number that nobody else uses. */
const LOCK_CLASS = 4_620_799;

/**
 * Put the triggers in place. Whoever comes to the armed moment waits there, inside its transaction, until it is let
 * go: so a fault strikes where it is meant to, however slow the machine is.
 */
export async function installPoints(sql: Sql): Promise<void> {
  await sql.unsafe(`
    create schema faults;
    create table faults.armed (label text not null, nth int not null);
    create sequence faults.hits;
    create function faults.reach(reached text) returns void language plpgsql as $$
    begin
      if exists (select from faults.armed where label = reached)
         and nextval('faults.hits') = (select nth from faults.armed where label = reached) then
        perform pg_advisory_xact_lock(${LOCK_CLASS}, 1);
      end if;
    end $$;

    create function faults.on_import() returns trigger language plpgsql as $$
    begin
      if new.approved_revision is distinct from old.approved_revision then perform faults.reach('import.approved');
      elsif new.state <> old.state then
        perform faults.reach('import.' || replace(new.state, 'completed_with_errors', 'completed'));
      elsif new.staged is distinct from old.staged then perform faults.reach('import.read');
      elsif new.plan is distinct from old.plan then perform faults.reach('import.planned'); end if;
      return null;
    end $$;
    create trigger faults after update on imports for each row execute function faults.on_import();

    create function faults.on_job() returns trigger language plpgsql as $$
    begin
      if new.phase is distinct from old.phase then perform faults.reach('job.' || new.phase);
      elsif new.batch > old.batch then perform faults.reach('job.batch'); end if;
      return null;
    end $$;
    create trigger faults after update on jobs for each row execute function faults.on_job();

    create function faults.on_chunk() returns trigger language plpgsql as $$
    begin
      if tg_op = 'INSERT' then perform faults.reach('chunk.begun');
      elsif new.undone_at is distinct from old.undone_at then perform faults.reach('chunk.undone');
      else perform faults.reach(case when new.is_deletion then 'chunk.deleted' else 'chunk.written' end); end if;
      return null;
    end $$;
    create trigger faults after insert or update on journal_chunks for each row execute function faults.on_chunk();

    create function faults.on_backup() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE' then perform faults.reach('backup.removed');
      elsif new.state <> old.state then
        perform faults.reach('backup.' || case when new.failure ->> 'code' = 'removed' then 'removing' else new.state end);
      elsif new.storage_key is distinct from old.storage_key then perform faults.reach('backup.planned');
      elsif new.checked_at is distinct from old.checked_at then perform faults.reach('backup.checked');
      elsif new.deleted_at is distinct from old.deleted_at then perform faults.reach('backup.deleted'); end if;
      return null;
    end $$;
    create trigger faults after update or delete on backups for each row execute function faults.on_backup();

    create function faults.on_restore() returns trigger language plpgsql as $$
    begin
      if new.state <> old.state then
        perform faults.reach('restore.' || replace(new.state, 'completed_with_errors', 'completed'));
      elsif new.plan is distinct from old.plan then
        perform faults.reach(case when new.plan ? 'checkedAt' then 'restore.checked' else 'restore.opened' end);
      elsif new.safety is distinct from old.safety then
        perform faults.reach('restore.safety-' || (new.safety ->> 'state')); end if;
      return null;
    end $$;
    create trigger faults after update on restores for each row execute function faults.on_restore();

    create function faults.on_resolution() returns trigger language plpgsql as $$
    begin perform faults.reach('resolution'); return null; end $$;
    create trigger faults after insert or update on import_resolutions
      for each statement execute function faults.on_resolution();

    create function faults.on_memo() returns trigger language plpgsql as $$
    begin
      if new.memo is not null and (tg_op = 'INSERT' or old.memo is null) then perform faults.reach('memo.' || new.name); end if;
      return null;
    end $$;
    create trigger faults after insert or update on engine.step for each row execute function faults.on_memo();

    create function faults.on_event() returns trigger language plpgsql as $$
    begin perform faults.reach('event.' || new.name); return null; end $$;
    create trigger faults after insert on engine.event for each row execute function faults.on_event();

    create function faults.on_ddl() returns event_trigger language plpgsql as $$
    declare name text;
    begin
      select c.object_identity into name from pg_event_trigger_ddl_commands() c
        where c.object_identity ~ '^staging\\.(import|plan)_' limit 1;
      if name is null then return; end if;
      perform faults.reach(case when name like '%.import_%' then 'ddl.staged' else 'ddl.planned' end
        || case when tg_tag like 'CREATE TABLE%' then '' else '.keyed' end);
    end $$;
    create event trigger faults on ddl_command_end when tag in ('CREATE TABLE', 'CREATE TABLE AS', 'ALTER TABLE')
      execute function faults.on_ddl();`);
}

/** Arm one moment, or none. Forgets how often moments have come. */
export async function arm(sql: Sql, at: { label: string; nth: number } | undefined): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`delete from faults.armed`;
    await tx`select setval('faults.hits', 1, false)`;
    if (at) await tx`insert into faults.armed (label, nth) values (${at.label}, ${at.nth})`;
  });
}

/** Take the lock that stops whoever comes to the armed moment. */
export async function blockArmed(sql: Sql): Promise<void> {
  await sql.unsafe(`select pg_advisory_lock(${LOCK_CLASS}, 1)`);
}

/** The backend that waits at the armed moment; undefined when nobody has come there yet. */
export async function waitingBackend(sql: Sql): Promise<number | undefined> {
  const [row] = await sql<{ pid: number }[]>`
    select pid from pg_locks where locktype = 'advisory' and classid = ${LOCK_CLASS} and not granted limit 1`;
  return row?.pid;
}
