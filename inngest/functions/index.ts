import type { InngestFunction } from "inngest";
import { mailDue, mailToldNotice } from "./mail-notices";
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
import { redoRestore, undoRestore } from "./undo-restore";

/** Every durable function of the product. */
export const functions: InngestFunction.Like[] = [
  runImport,
  undoImport,
  redoImport,
  runRestore,
  undoRestore,
  redoRestore,
  exportData,
  makeBackup,
  verifyBackup,
  drillBackups,
  fanOutBackups,
  startScheduledBackup,
  applyBackupRetention,
  tellBackupTrouble,
  mailToldNotice,
  mailDue,
  removeExpired,
];
