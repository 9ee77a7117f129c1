import type { Field } from "@/lib/core/fields/types";
import { exportedFields, exportedKey, parsed } from "./ferry-export";
import type { Choice, RecordTable, ValueKind, Visitor } from "./walker";

/** A list of records in a document, in document order. */
export interface TableInfo {
  index: number;
  name: string;
  /** Field definitions of a collection in a Ferry export. */
  fields?: Field[];
  keyFields?: string[];
  template?: string;
}

/** Lists deeper inside than this belong to something that is no table. */
const DEPTH_MAX = 6;

/** What a collection of an export says of itself. */
const STATED: readonly (string | number)[] = ["name", "template", "fields", "keyFields"];

type Path = readonly (string | number)[];

/**
 * Finds the tables of a document: lists whose first item is an object or a list, at any shallow depth; in a Ferry
 * export, the records of each collection. The same rules number the tables in detection and in reading.
 */
export class TableFinder implements Visitor {
  readonly tables: TableInfo[] = [];
  private collection: Omit<TableInfo, "index"> = { name: "" };

  /** `open` gives what is to be done with the records of a table, undefined to pass over them. */
  constructor(
    private readonly ferry: boolean,
    private readonly open: (table: TableInfo) => RecordTable | undefined,
  ) {}

  choose(path: Path, kind: ValueKind, firstItem: ValueKind): Choice {
    return this.ferry ? this.chooseInExport(path, kind) : this.chooseInDocument(path, kind, firstItem);
  }

  taken(path: Path, json: string): void {
    const member = path[2];
    const value = parsed(json);
    if (member === "name" && typeof value === "string") this.collection.name = value;
    if (member === "template" && typeof value === "string") this.collection.template = value;
    if (member === "fields") this.collection.fields = exportedFields(json);
    if (member === "keyFields") this.collection.keyFields = exportedKey(value);
    const table = this.tables.at(-1);
    if (table?.index === this.openCollection) Object.assign(table, this.collection);
  }

  /** The table of the collection being read, once its records have begun. */
  private openCollection = -1;

  private chooseInDocument(path: Path, kind: ValueKind, firstItem: ValueKind): Choice {
    if (kind === "object") return path.length < DEPTH_MAX ? "enter" : "skip";
    if (kind !== "array" || firstItem === "none") return "skip";
    if (firstItem === "scalar" && path.length > 0) return "skip";
    return this.found({ name: path.join(".") || "records" });
  }

  private chooseInExport(path: Path, kind: ValueKind): Choice {
    const [first, , member] = path;
    if (path.length === 0) return "enter";
    if (first !== "collections") return "skip";
    if (path.length === 1) return kind === "array" ? "enter" : "skip";
    if (path.length === 2) {
      this.collection = { name: `Collection ${Number(path[1]) + 1}` };
      this.openCollection = -1;
      return kind === "object" ? "enter" : "skip";
    }
    if (member !== undefined && STATED.includes(member)) return "take";
    if (member !== "records" || kind !== "array") return "skip";
    this.openCollection = this.tables.length;
    return this.found(this.collection);
  }

  private found(table: Omit<TableInfo, "index">): Choice {
    const info = { index: this.tables.length, ...table };
    this.tables.push(info);
    return this.open(info) ?? "skip";
  }
}
