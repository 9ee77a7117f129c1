import type { FormatReader } from "../types";
import { detectJson } from "./detect";
import { readJson } from "./read";
import { looksLikeJson } from "./sniff";

/**
 * JSON: Ferry's own export, lists of objects at any shallow depth, lists of lists, and one object a line (NDJSON).
 * Values come as raw strings: texts as they are, numbers with the digits they are written with, null as "", nested
 * objects and lists as JSON text without white space.
 */
export const jsonReader: FormatReader = {
  format: "json",
  sniff: looksLikeJson,
  detect: detectJson,
  read: readJson,
};
