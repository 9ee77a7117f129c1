import fs from "node:fs";
import path from "node:path";
import readline from "node:readline";

const KEPT = 3;
const FILE_BYTES_MAX = 20 * 1024 * 1024;
const ERROR_LEVEL = 50;
const SHOWN_PER_MINUTE = 5;

/** name.log becomes name.1.log and so on; the oldest goes. */
export function rotate(directory, name) {
  const file = (n) => path.join(directory, n === 0 ? `${name}.log` : `${name}.${n}.log`);
  fs.rmSync(file(KEPT), { force: true });
  for (let n = KEPT - 1; n >= 0; n--) {
    if (fs.existsSync(file(n))) fs.renameSync(file(n), file(n + 1));
  }
  return file(0);
}

/**
 * The log file of one process. Its lines are kept as they come; an error is shown on the terminal too, in one line.
 * @returns {{attach(child): void, tail(): string}} tail: the newest lines, for a process that does not come up
 */
export function processLog(directory, name, show) {
  const newest = [];
  let sizeBytes = 0;
  let fd = fs.openSync(rotate(directory, name), "a", 0o600);
  let shown = 0;
  let minute = 0;

  function write(line) {
    newest.push(line);
    if (newest.length > 15) newest.shift();
    if (sizeBytes > FILE_BYTES_MAX) {
      fs.closeSync(fd);
      fd = fs.openSync(rotate(directory, name), "a", 0o600);
      sizeBytes = 0;
    }
    sizeBytes += fs.writeSync(fd, `${line}\n`);
    const message = errorIn(line);
    if (!message) return;
    const now = Math.floor(Date.now() / 60_000);
    if (now !== minute) [minute, shown] = [now, 0];
    shown += 1;
    if (shown <= SHOWN_PER_MINUTE) show(`${name}: ${message}`);
    if (shown === SHOWN_PER_MINUTE)
      show(`${name}: further errors of this minute are in ${directory}/${name}.log`);
  }
  return {
    attach(child) {
      for (const stream of [child.stdout, child.stderr]) {
        readline.createInterface({ input: stream, crlfDelay: Infinity }).on("line", write);
      }
    },
    tail: () => newest.join("\n"),
  };
}

function errorIn(line) {
  if (line.startsWith("{")) {
    try {
      const entry = JSON.parse(line);
      if (!(entry.level >= ERROR_LEVEL)) return undefined;
      return [entry.msg, entry.err?.message].filter(Boolean).join(": ");
    } catch {
      return undefined;
    }
  }
  return /^\s*(⨯|(Uncaught )?[A-Za-z]*Error\b)/.test(line) ? line.trim().slice(0, 300) : undefined;
}
