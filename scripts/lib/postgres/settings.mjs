import fs from "node:fs";
import os from "node:os";

const MIB = 1024 * 1024;

/** Memory this process may use, in bytes: a container's limit where there is one. */
function memoryBytes() {
  const limit = process.constrainedMemory?.() ?? 0;
  return limit > 0 && limit < os.totalmem() ? limit : os.totalmem();
}

// Containers often give /dev/shm 64 MiB; a parallel query that wants more would fail there.
function sharedMemoryType() {
  try {
    const { bsize, bavail } = fs.statfsSync("/dev/shm");
    return bsize * bavail >= 512 * MIB ? "posix" : "mmap";
  } catch {
    return process.platform === "linux" ? "mmap" : "posix";
  }
}

// After each checkpoint the first change of a page writes the whole page to the log, which makes changing a million
// records a third slower: they are to be far apart, as far as the disk has room for the log between them.
function logMiB(directory) {
  const { bsize, bavail } = fs.statfsSync(directory);
  return Math.round(Math.min(8192, Math.max(1024, (bsize * bavail) / 8 / MIB)));
}

/**
 * The settings of the embedded server as text for a configuration file. One machine, no replica, rows by the million:
 * little write-ahead log, few checkpoints, and every commit on the disk.
 * @param {string} directory  where the data are
 * @param {{throwAway?: boolean}} options  throwAway: a server whose data nobody needs after a crash
 */
export function settingsFile(directory, { throwAway = false } = {}) {
  const sharedMiB = Math.round(Math.min(4096, Math.max(128, memoryBytes() / 8 / MIB)));
  const hashMiB = Math.round(Math.min(512, Math.max(32, memoryBytes() / 32 / MIB)));
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    password_encryption: "scram-sha-256",
    max_connections: throwAway ? 200 : 100,
    shared_buffers: `${throwAway ? Math.min(sharedMiB, 256) : sharedMiB}MB`,
    dynamic_shared_memory_type: sharedMemoryType(),
    // Room in which several processors hash together, kept from one join to the next. Asked of the system each time, and
    // cleared by it page by page, it took a sixth of the time of matching a million rows. Unused, it is no memory at all.
    min_dynamic_shared_memory: `${hashMiB}MB`,
    work_mem: "32MB",
    maintenance_work_mem: "256MB",
    random_page_cost: 1.1,
    jit: "off",
    wal_level: "minimal",
    max_wal_senders: 0,
    // A chunk of an import writes more than the 16 MiB that the server would choose.
    wal_buffers: "64MB",
    max_wal_size: `${logMiB(directory)}MB`,
    checkpoint_timeout: "15min",
    // Of the methods built in there is only pglz, which took an eighth of all the time of changing a million records.
    wal_compression: "off",
    synchronous_commit: "on",
    fsync: throwAway ? "off" : "on",
    full_page_writes: throwAway ? "off" : "on",
    // People's data stays out of the log: neither statements nor the values that a message may quote.
    log_min_error_statement: "panic",
    log_error_verbosity: "terse",
    log_timezone: "UTC",
    timezone: "UTC",
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'`);
  return `# Written at every start. Own settings belong into postgresql.auto.conf (ALTER SYSTEM).\n${lines.join("\n")}\n`;
}
