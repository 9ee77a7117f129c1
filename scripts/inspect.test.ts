import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { afterAll, describe, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "ferry-inspect-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function write(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function inspect(args: string[], input = "") {
  const child = spawn(process.execPath, ["--import", "tsx", "scripts/inspect.ts", ...args]);
  child.stdin.end(input);
  const [out, code] = await Promise.all([
    text(child.stdout),
    new Promise((resolve) => child.on("close", resolve)),
  ]);
  const lines = out
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as unknown);
  return { lines, code };
}

describe("npm run inspect", { timeout: 60_000 }, () => {
  it("prints what it found, then header and rows as they are", async () => {
    const path = write("ragged.csv", 'a;b;c\r\n1,5;"x ""y""";z\r\n2\r\n');
    const { lines, code } = await inspect([path]);
    expect(code).toBe(0);
    expect(lines[0]).toMatchObject({
      file: path,
      ok: true,
      format: "csv",
      encoding: "utf-8",
      delimiter: ";",
      quote: '"',
      escape: '"',
      newline: "\r\n",
      headerRows: 1,
      skippedRows: 0,
    });
    expect(lines.slice(1)).toEqual([["a", "b", "c"], ["1,5", 'x "y"', "z"], ["2"]]);
    const limited = await inspect([path, "--rows", "1"]);
    expect(limited.lines.slice(1)).toEqual([
      ["a", "b", "c"],
      ["1,5", 'x "y"', "z"],
    ]);
  });

  it("answers every path of a batch, whatever is the matter with it", async () => {
    const paths = [
      write("names.csv", "name,Name,\nAnna,x,1\nBob,y,2\n"),
      write("data.csv", "1,2,3\n4,5,6\n"),
      write("empty.csv", ""),
      write("records.json", '[{"a":1,"b":"x"},{"a":2,"b":"y"}]'),
      write("photo.csv", Buffer.from([0x89, 0x50, 0x4e, 0x47, 1, 2, 3])),
      write("broken.csv", 'word\n"ok"\nb\n"open\nc\n'),
      folder,
      join(folder, "missing.csv"),
    ];
    const { lines, code } = await inspect(["--batch"], paths.join("\n"));
    expect(code).toBe(0);
    expect(lines.map((line) => (line as { file: string }).file)).toEqual(paths);
    expect(lines[0]).toMatchObject({
      ok: true,
      header: ["name", "Name", ""],
      columns: ["name", "Name 2", "Column 3"],
    });
    expect(lines[1]).toMatchObject({
      ok: true,
      headerRows: 0,
      syntheticHeader: true,
      header: ["Column 1", "Column 2", "Column 3"],
      rows: [
        ["1", "2", "3"],
        ["4", "5", "6"],
      ],
    });
    expect(lines[2]).toEqual({ file: paths[2], ok: false, error: "The file is empty: it has 0 bytes." });
    expect(lines[3]).toMatchObject({
      ok: true,
      format: "json",
      rows: [
        ["1", "x"],
        ["2", "y"],
      ],
    });
    expect(lines[4]).toMatchObject({ ok: false, error: expect.stringContaining("PNG") as string });
    expect(lines[5]).toMatchObject({
      ok: true,
      rows: [["ok"], ["b"]],
      problem: { code: "unclosed-quote", row: 3 },
    });
    expect(lines[6]).toMatchObject({ ok: false, error: "This is a directory, not a file." });
    expect(lines[7]).toMatchObject({ ok: false, error: "There is no file at this path." });
  });

  it("ends with an error code for a file that cannot be read", async () => {
    const { lines, code } = await inspect([join(folder, "missing.csv")]);
    expect(code).toBe(1);
    expect(lines).toEqual([
      { file: join(folder, "missing.csv"), ok: false, error: "There is no file at this path." },
    ]);
  });
});
