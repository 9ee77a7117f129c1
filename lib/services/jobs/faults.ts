import { isUnavailable } from "@/db/engine/transaction";
import { AppError } from "@/lib/platform/errors";

/** Whether trying again may mend a fault, and what it is in plain words, for the person who waits. */
interface Fault {
  passing: boolean;
  /** Stable, for clients: of an expected failure its own, else "internal". */
  code: string;
  reason: string;
}

const WORDS: Record<string, string> = {
  ECONNREFUSED: "The database could not be reached.",
  CONNECT_TIMEOUT: "The database could not be reached.",
  CONNECTION_CLOSED: "The connection to the database was lost.",
  CONNECTION_ENDED: "The connection to the database was lost.",
  CONNECTION_DESTROYED: "The connection to the database was lost.",
  "57P01": "The database was shut down.",
  "57P02": "The database broke down and is starting again.",
  "57P03": "The database is just starting.",
  "53100": "The database's disk is full.",
  "53200": "The database ran out of memory.",
  "53300": "The database has too many connections at the moment.",
  "40001": "Two changes met at the same place.",
  "40P01": "Two changes met at the same place.",
  "55P03": "A record was locked for too long.",
  "57014": "The database stopped a statement that took too long.",
  ENOSPC: "The disk is full.",
  EMFILE: "Too many files are open at the moment.",
  ENFILE: "Too many files are open at the moment.",
  EAGAIN: "The machine is short of resources at the moment.",
  ENOMEM: "The machine is short of memory at the moment.",
  EIO: "The disk could not be read or written.",
  EROFS: "The disk can only be read at the moment.",
  ENODEV: "The disk is not there at the moment.",
  ENXIO: "The disk is not there at the moment.",
  ESTALE: "The disk is not there at the moment.",
  ENOTCONN: "The disk is not there at the moment.",
};

/** A fault of the program itself: the same again would come of trying again. */
const OUR_OWN = [TypeError, RangeError, ReferenceError, SyntaxError];
/** Classes of PostgreSQL errors that say the statement or its data are wrong: 22 data, 42 names and syntax. */
const WRONG_STATEMENT = /^(22|42)[0-9A-Z]{3}$/;

/** Looks at what was thrown, and at what caused it (drivers wrap their errors). Unknown faults count as passing. */
export function describeFault(error: unknown): Fault {
  const chain = causesOf(error);
  for (const one of chain) {
    // A store says of its problems whether they pass; any other expected failure stays what it is.
    if (one instanceof AppError) {
      return {
        passing: "isTransient" in one && one.isTransient === true,
        code: one.code,
        reason: one.message,
      };
    }
    const code = codeOf(one);
    if (code === undefined) continue;
    if (WRONG_STATEMENT.test(code)) return ownFault();
    const words = WORDS[code];
    if (words) return passing(words);
    if (isUnavailable(one)) return passing("The connection to the database was lost.");
  }
  if (chain.some((one) => OUR_OWN.some((kind) => one instanceof kind))) return ownFault();
  return passing("The work was interrupted.");
}

function passing(reason: string): Fault {
  return { passing: true, code: "internal", reason };
}

function ownFault(): Fault {
  return {
    passing: false,
    code: "internal",
    reason: "Ferry itself made a mistake here, which trying again would not mend.",
  };
}

const CAUSES_MAX = 5;

function causesOf(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let one = error; one !== undefined && one !== null && chain.length < CAUSES_MAX;) {
    chain.push(one);
    one = (one as { cause?: unknown }).cause;
  }
  return chain;
}

function codeOf(error: unknown): string | undefined {
  const { code } = error as { code?: unknown };
  return typeof code === "string" ? code : undefined;
}
