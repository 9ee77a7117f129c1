// Loaded with `node --import` into every process that Ferry starts. The pipe to the supervisor closes however the
// supervisor ends, kill -9 included; a process that stayed behind would hold the port and do work nobody sees.
const GRACE_MS = 4_000;

// Only for what the supervisor itself started: the children of that inherit these options, and have parents of their own.
const isOurs = process.env.FERRY_SUPERVISOR === String(process.ppid);
delete process.env.FERRY_SUPERVISOR;

if (isOurs && process.connected) {
  process.on("disconnect", () => {
    setTimeout(() => process.exit(1), GRACE_MS).unref();
    process.kill(process.pid, "SIGTERM");
  });
  // The listener alone must not keep a process alive that has nothing left to do.
  process.channel?.unref();
}
