import type { InngestFunction } from "inngest";
import { removeExpired } from "./remove-expired";
import { drillBackups, makeBackup, verifyBackup } from "./run-backup";
import { exportData } from "./run-export";
import { runImport } from "./run-import";
import { runRestore } from "./run-restore";
import {
  applyBackupRetention,
  fanOutBackups,
  startScheduledBackup,
  tellBackupTrouble,
} from "./scheduled-backups";
import { redoImport, undoImport } from "./undo-import";

/** Every durable function of the product. */
export const functions: InngestFunction.Like[] = [
  runImport,
  undoImport,
  redoImport,
  runRestore,
  exportData,
  makeBackup,
  verifyBackup,
  drillBackups,
  fanOutBackups,
  startScheduledBackup,
  applyBackupRetention,
  tellBackupTrouble,
  removeExpired,
];
