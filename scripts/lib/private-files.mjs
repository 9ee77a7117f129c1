import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

/** Random text for a password or a key: 256 bits unless told otherwise. */
export const randomText = (bytes = 32) => randomBytes(bytes).toString("base64url");

/**
 * A small JSON file that only its owner may read, made once and kept. Written beside and renamed, and flushed to the
 * disk: a password that is lost in a power cut locks its database.
 */
export function keepJson(file, make) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch (error) {
    if (error.code !== "ENOENT") throw new Error(`${file} cannot be read: ${error.message}`);
  }
  const value = make();
  writeJson(file, value);
  return value;
}

export function writeJson(file, value) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const draft = `${file}.draft`;
  const fd = fs.openSync(draft, "w", 0o600);
  fs.writeSync(fd, `${JSON.stringify(value, null, 2)}\n`);
  fs.fsyncSync(fd);
  fs.closeSync(fd);
  fs.renameSync(draft, file);
}
