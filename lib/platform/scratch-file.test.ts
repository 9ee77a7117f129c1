import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ScratchFile } from "./scratch-file";

const folder = mkdtempSync(path.join(tmpdir(), "ferry-scratch-"));
afterAll(() => rmSync(folder, { recursive: true }));

const page = (fill: number) => Buffer.alloc(4_096, fill);

function read(file: ScratchFile, number: number): Buffer {
  const into = Buffer.alloc(4_096);
  file.read(number, into);
  return into;
}

/** Files below the folder that this process has open, also those without a name. */
function openFiles(): string[] {
  return readdirSync("/proc/self/fd").flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`);
      return target.startsWith(folder) ? [`/proc/self/fd/${fd}`] : [];
    } catch {
      return [];
    }
  });
}

describe("scratch file", () => {
  it("gives back each page, in any order, again and again", () => {
    const file = new ScratchFile(path.join(folder, "made", "when-needed"));
    for (let i = 0; i < 50; i++) file.append(page(i));
    for (const i of [49, 0, 17, 17, 3]) expect(read(file, i)).toEqual(page(i));
    file.append(page(50));
    expect(read(file, 50)).toEqual(page(50));
    file.close();
  });

  it("leaves no name behind, and nothing readable while it is there", () => {
    const file = new ScratchFile(folder);
    file.append(Buffer.from("a secret note ".repeat(300)).subarray(0, 4_096));
    expect(readdirSync(folder).filter((name) => name !== "made")).toEqual([]);
    if (process.platform === "linux") {
      const [open] = openFiles();
      const onDisk = readFileSync(open!);
      expect(onDisk.length).toBe(4_096 + 16);
      expect(onDisk.includes("secret")).toBe(false);
    }
    file.close();
    file.close();
    if (process.platform === "linux") expect(openFiles()).toEqual([]);
    expect(() => read(file, 0)).toThrow();
    expect(() => file.append(page(1))).toThrow();
  });

  it("makes no file when nothing is put into it", () => {
    const untouched = path.join(folder, "untouched");
    new ScratchFile(untouched).close();
    expect(readdirSync(folder)).not.toContain("untouched");
  });

  it("refuses pages of another size, and pages that are not there", () => {
    const file = new ScratchFile(folder);
    file.append(page(1));
    expect(() => file.append(Buffer.alloc(10))).toThrow("one size");
    expect(() => read(file, 1)).toThrow("no page 1");
    file.close();
  });
});
