import { isUnavailable } from "@/db/engine/transaction";

/** Whether trying again may mend a fault, and what it is in plain words, for the person who waits. */
interface Fault {
  passing: boolean;
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
};

/** A fault of the program itself: the same again would come of trying again. */
const OUR_OWN = [TypeError, RangeError, ReferenceError, SyntaxError];
/** Classes of PostgreSQL errors that say the statement or its data are wrong: 22 data, 42 names and syntax. */
const WRONG_STATEMENT = /^(22|42)[0-9A-Z]{3}$/;

/** Looks at what was thrown, and at what caused it (drivers wrap their errors). Unknown faults count as passing. */
export function describeFault(error: unknown): Fault {
  const chain = causesOf(error);
  for (const one of chain) {
    const code = codeOf(one);
    if (code === undefined) continue;
    if (WRONG_STATEMENT.test(code)) return ownFault();
    const words = WORDS[code];
    if (words) return { passing: true, reason: words };
    if (isUnavailable(one)) return { passing: true, reason: "The connection to the database was lost." };
  }
  if (chain.some((one) => OUR_OWN.some((kind) => one instanceof kind))) return ownFault();
  return { passing: true, reason: "The work was interrupted." };
}

function ownFault(): Fault {
  return { passing: false, reason: "Ferry itself made a mistake here, which trying again would not mend." };
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
