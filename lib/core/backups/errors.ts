/** Why a backup is refused. Each has words of its own for the person. */
export type BackupProblemCode =
  | "not-a-backup"
  | "newer-format"
  | "damaged"
  | "incomplete"
  | "wrong-backup"
  | "wrong-owner"
  | "wrong-parent"
  | "chain-broken";

/** A backup that is not whole, not what it should be, or not readable by this version. */
export class BackupProblem extends Error {
  constructor(
    readonly code: BackupProblemCode,
    message: string,
  ) {
    super(message);
    this.name = "BackupProblem";
  }
}

export function damaged(reason: string): BackupProblem {
  return new BackupProblem("damaged", `The backup is damaged: ${reason}.`);
}
