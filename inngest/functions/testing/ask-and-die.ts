/**
 * A process that asks for work and is killed between what it commits and the event that starts the work:
 * `ask-and-die.ts backup|export|check OWNER [BACKUP]`, with the database and the store that its surroundings name.
 */
import { CreateBackupBody } from "@/lib/contracts/backups";
import { CreateExportBody } from "@/lib/contracts/exports";
import { systemContext } from "@/lib/composition/context";
import { checkBackup } from "@/lib/services/backups/check-backup";
import { createBackup } from "@/lib/services/backups/create-backup";
import type { ServiceContext } from "@/lib/services/context";
import { createExport } from "@/lib/services/exports/create-export";

const [what, ownerId = "", backupId = ""] = process.argv.slice(2);
const ctx: ServiceContext = {
  ...systemContext(),
  ownerId,
  sendEvents: () => {
    process.kill(process.pid, "SIGKILL");
    return new Promise(() => undefined);
  },
};

async function ask(): Promise<unknown> {
  switch (what) {
    case "backup":
      return createBackup(ctx, CreateBackupBody.parse({ type: "full" }));
    case "export":
      return createExport(ctx, CreateExportBody.parse({ format: "json", collections: "all" }));
    case "check":
      return checkBackup(ctx, backupId, {});
    default:
      throw new Error(`${what} is none of backup, export, check`);
  }
}

await ask();
