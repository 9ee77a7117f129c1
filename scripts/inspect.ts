/**
 * npm run -s inspect -- FILE [--rows N]     one JSON line about the file, then its rows as NDJSON, header first
 * npm run -s inspect -- --batch [--rows N]  one path per line on standard input, one JSON line with header and rows each
 *
 * The first stage of an import, without a database, exactly as the wizard sees the file. Where a file breaks in the
 * middle, the rows before it are printed and `problem` says where and why.
 */
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createInterface } from "node:readline";
import { inspectFile, problemSentence, readingProblem, type InspectedFile } from "@/lib/core/formats/inspect";
import { DEFAULT_READ_LIMITS, FileProblem, type ByteSource } from "@/lib/core/formats/types";

/** Rows read before the first line is printed, so that a problem in a small file is part of it. */
const ROWS_AHEAD = 2000;
const OUTPUT_CHARS = 64 * 1024;

class UsageError extends Error {}

async function openFile(path: string): Promise<ByteSource> {
  const info = await stat(path).catch((error: unknown) => {
    throw new UsageError(accessSentence(error));
  });
  if (info.isDirectory()) throw new UsageError("This is a directory, not a file.");
  if (!info.isFile()) throw new UsageError("This is not an ordinary file.");
  return {
    size: info.size,
    stream: (start = 0, end = info.size) => readBytes(path, start, end),
  };
}

async function* readBytes(path: string, start: number, end: number): AsyncGenerator<Uint8Array> {
  if (start >= end) return;
  let read = 0;
  try {
    for await (const chunk of createReadStream(path, { start, end: end - 1, highWaterMark: 256 * 1024 })) {
      read += (chunk as Buffer).length;
      yield chunk as Buffer;
    }
  } catch (error) {
    throw new UsageError(accessSentence(error));
  }
  if (read < end - start) {
    throw new FileProblem(
      "truncated",
      `The file became shorter while it was read: it ended at byte ${start + read}.`,
      {
        byte: start + read,
      },
    );
  }
}

function accessSentence(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR") return "There is no file at this path.";
  if (code === "EACCES" || code === "EPERM") return "The file may not be read: permission is denied.";
  return problemSentence(error);
}

function sentenceOf(error: unknown): string {
  return error instanceof UsageError ? error.message : problemSentence(error);
}

/** Takes rows until `count` were taken, the file ends or breaks. */
async function takeRows(rows: AsyncIterator<string[]>, count: number) {
  const taken: string[][] = [];
  try {
    while (taken.length < count) {
      const next = await rows.next();
      if (next.done === true) return { taken, done: true };
      taken.push(next.value);
    }
    return { taken, done: false };
  } catch (error) {
    return { taken, done: true, problem: { ...readingProblem(error), message: sentenceOf(error) } };
  }
}

class LineWriter {
  private text = "";

  async line(value: unknown): Promise<void> {
    this.text += JSON.stringify(value) + "\n";
    if (this.text.length >= OUTPUT_CHARS) await this.flush();
  }

  async flush(): Promise<void> {
    const { text } = this;
    this.text = "";
    if (text !== "" && !process.stdout.write(text)) await once(process.stdout, "drain");
  }
}

async function inspectOne(path: string, rowsMax: number): Promise<boolean> {
  const out = new LineWriter();
  let opened: InspectedFile;
  try {
    opened = await inspectFile(await openFile(path), {}, DEFAULT_READ_LIMITS, rowsMax);
  } catch (error) {
    await out.line({ file: path, ok: false, error: sentenceOf(error) });
    await out.flush();
    return false;
  }
  const rows = opened.rows[Symbol.asyncIterator]();
  const ahead = await takeRows(rows, Math.min(rowsMax, ROWS_AHEAD));
  await out.line({
    file: path,
    ok: true,
    ...opened.inspection,
    ...(ahead.problem && { problem: ahead.problem }),
  });
  await out.line(opened.header);
  let { problem } = ahead;
  for (const row of ahead.taken) await out.line(row);
  for (let done = ahead.done; !done;) {
    const more = await takeRows(rows, ROWS_AHEAD);
    for (const row of more.taken) await out.line(row);
    ({ done } = more);
    ({ problem } = more);
  }
  await out.flush();
  if (problem !== undefined) process.stderr.write(`${path}: ${problem.message}\n`);
  return true;
}

async function inspectBatch(rowsMax: number): Promise<void> {
  const out = new LineWriter();
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    if (line === "") continue;
    await out.line(await batchAnswer(line, rowsMax));
    await out.flush();
  }
}

async function batchAnswer(path: string, rowsMax: number): Promise<object> {
  try {
    const { inspection, header, rows } = await inspectFile(
      await openFile(path),
      {},
      DEFAULT_READ_LIMITS,
      rowsMax,
    );
    const { taken, problem } = await takeRows(rows[Symbol.asyncIterator](), Infinity);
    return { file: path, ok: true, ...inspection, ...(problem && { problem }), header, rows: taken };
  } catch (error) {
    return { file: path, ok: false, error: sentenceOf(error) };
  }
}

function parseArguments(args: string[]): { path?: string; rowsMax: number; batch: boolean } {
  const parsed: { path?: string; rowsMax: number; batch: boolean } = { rowsMax: Infinity, batch: false };
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? "";
    if (arg === "--batch") parsed.batch = true;
    else if (arg === "--rows") parsed.rowsMax = rowsNumber(args[++at]);
    else if (arg.startsWith("--rows=")) parsed.rowsMax = rowsNumber(arg.slice("--rows=".length));
    else parsed.path = arg;
  }
  return parsed;
}

function rowsNumber(text: string | undefined): number {
  const rows = Number(text);
  if (text === undefined || !Number.isInteger(rows) || rows < 0)
    throw new UsageError("--rows takes a whole number.");
  return rows;
}

async function main(): Promise<number> {
  const { path, rowsMax, batch } = parseArguments(process.argv.slice(2));
  if (batch) {
    await inspectBatch(rowsMax);
    return 0;
  }
  if (path === undefined)
    throw new UsageError("Usage: npm run -s inspect -- FILE [--rows N] | --batch [--rows N]");
  return (await inspectOne(path, rowsMax)) ? 0 : 1;
}

// A reader that has seen enough (`| head`) closes the pipe: no reason to complain.
process.stdout.on("error", () => process.exit(0));

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${sentenceOf(error)}\n`);
    process.exitCode = 2;
  },
);
