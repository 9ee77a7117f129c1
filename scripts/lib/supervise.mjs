import { setTimeout as sleep } from "node:timers/promises";

const BACKOFF_FIRST_MS = 500;
const BACKOFF_MAX_MS = 30_000;
/** A process that ran this long had started well: the next restart is quick again. */
const STEADY_MS = 60_000;

/**
 * Keep one process running: when it ends without being asked, it is started again, first at once, then less and less
 * often.
 * @param {object} input
 * @param {string} input.name  for the messages
 * @param {() => Promise<import("node:child_process").ChildProcess>} input.start
 * @param {(child: import("node:child_process").ChildProcess) => Promise<void>} input.stop
 * @param {(line: string) => void} input.log
 * @param {() => void} [input.onChange]  a new process runs
 * @returns {Promise<{name: string, pid(): number | undefined, stop(): Promise<void>}>} once the first process runs
 * @throws what `start` throws the first time
 */
export async function supervise({ name, start, stop, log, onChange = () => undefined }) {
  let stopping = false;
  let failures = 0;
  let child;
  const abort = new AbortController();
  let restarting = Promise.resolve();

  function watch(started) {
    child = started;
    const since = Date.now();
    onChange();
    const ended = (reason) => {
      if (child !== started) return;
      child = undefined;
      if (stopping) return;
      if (Date.now() - since > STEADY_MS) failures = 0;
      restarting = restart(reason);
    };
    // It may have ended while `start` was still waiting for it to be ready.
    if (started.exitCode !== null || started.signalCode !== null)
      ended(reasonOf(started.exitCode, started.signalCode));
    else started.once("exit", (code, signal) => ended(reasonOf(code, signal)));
  }

  async function restart(reason) {
    for (;;) {
      const delayMs = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** failures);
      failures += 1;
      log(`${name} ended (${reason}); starting it again in ${delayMs / 1000} s.`);
      try {
        await sleep(delayMs, undefined, { signal: abort.signal });
        if (stopping) return;
        watch(await start());
        return;
      } catch (error) {
        if (stopping) return;
        reason = error.message;
      }
    }
  }

  watch(await start());
  return {
    name,
    pid: () => child?.pid,
    async stop() {
      stopping = true;
      abort.abort();
      // A start under way is let through, so that what it starts is stopped and not left behind.
      await restarting;
      if (child) await stop(child);
    },
  };
}

const reasonOf = (code, signal) => signal ?? `exit code ${code}`;
