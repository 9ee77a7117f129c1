// What Ferry is to do with one collection, said as simply as possible: one record after the other, in memory, and
// without a look at the SQL that does it.

export type Data = Record<string, string | number>;
export const DECISIONS = ["overwrite", "skip", "merge", "keepBoth"] as const;
type Decision = (typeof DECISIONS)[number];

export interface ModelFile {
  source: string;
  strategy: "merge" | "replace" | "skipExisting" | "insertOnly" | "updateOnly";
  matching: "strict" | "off";
  threeWay: boolean;
  /** Fields that a column feeds. */
  fields: readonly string[];
  /** By row number − 1; null = invalid. */
  rows: readonly (Data | null)[];
}

export interface ModelCounts {
  new: number;
  unchanged: number;
  toUpdate: number;
  toDelete: number;
  skipped: number;
  invalid: number;
}

interface State {
  data: Data;
  /** The import that wrote it last; null = by hand. */
  writer: number | null;
}

interface ModelRecord extends State {
  id: string;
  /** Another for every change. */
  stamp: number;
}

/** What an import did to one record; before = null: it was not there, after = null: it no longer is. */
interface Effect {
  id: string;
  before: State | null;
  after: State | null;
  /** What the last undo took away, and the record's stamp after it (0: the record was removed). */
  taken?: { image: State | null; stamp: number };
}

interface ModelImport {
  source: string;
  fields: readonly string[];
  undone: boolean;
  effects: Effect[];
  /** What it said of records that were there. */
  given: Map<string, Data>;
}

export class CollectionModel {
  readonly records = new Map<string, ModelRecord>();
  readonly imports: ModelImport[] = [];
  private stamps = 0;

  /** Records in the order of their ids: by import, then by row. */
  private ordered(): ModelRecord[] {
    const order = (id: string) => id.split(":").map(Number);
    return [...this.records.values()].sort((a, b) => {
      const [x, y] = [order(a.id), order(b.id)];
      return x[0]! - y[0]! || x[1]! - y[1]!;
    });
  }

  /** Which record each row is: those with the same content first, then in order; each record once. */
  private match(file: ModelFile, key: readonly string[]): Map<number, ModelRecord> {
    const matched = new Map<number, ModelRecord>();
    if (file.matching === "off") return matched;
    const free = new Set(this.ordered());
    const take = (fits: (row: Data, record: ModelRecord) => boolean) =>
      file.rows.forEach((row, i) => {
        if (row === null || matched.has(i)) return;
        const record = [...free].find((r) => fits(row, r));
        if (!record) return;
        matched.set(i, record);
        free.delete(record);
      });
    const sameKey = (row: Data, record: ModelRecord) => key.every((f) => row[f] === record.data[f]);
    take((row, r) => sameKey(row, r) && this.isSame(file, row, r));
    take(sameKey);
    return matched;
  }

  private isSame(file: ModelFile, row: Data, record: State): boolean {
    return file.fields.every((f) => row[f] === record.data[f]);
  }

  /** What the file's source said of a record last, of those of its deliveries that stand. */
  private base(file: ModelFile, id: string): { data: Data; fields: readonly string[] } | undefined {
    if (!file.threeWay) return undefined;
    const last = this.imports.findLast((i) => i.source === file.source && !i.undone && i.given.has(id));
    return last && { data: last.given.get(id)!, fields: last.fields };
  }

  private compare(file: ModelFile, row: Data, record: ModelRecord) {
    const base = this.base(file, record.id);
    const taken: string[] = [];
    const clashing: string[] = [];
    for (const f of file.fields) {
      if (row[f] === record.data[f]) continue;
      if (base?.fields.includes(f)) {
        if (record.data[f] === base.data[f]) taken.push(f);
        else if (row[f] !== base.data[f]) clashing.push(f);
      } else if (row[f] !== undefined) clashing.push(f);
    }
    return { taken, clashing };
  }

  /** Rows (from 1) that need a decision. */
  conflicts(file: ModelFile, key: readonly string[]): number[] {
    if (file.strategy !== "merge" && file.strategy !== "updateOnly") return [];
    return [...this.match(file, key)]
      .filter(([i, record]) => this.compare(file, file.rows[i]!, record).clashing.length > 0)
      .map(([i]) => i + 1)
      .sort((a, b) => a - b);
  }

  /** Imports a file; `decide` says what is done about a row (from 1) that clashes. */
  importFile(file: ModelFile, key: readonly string[], decide: (row: number) => Decision): ModelCounts {
    const counts = { new: 0, unchanged: 0, toUpdate: 0, toDelete: 0, skipped: 0, invalid: 0 };
    const number = this.imports.length;
    const made: ModelImport = {
      source: file.source,
      fields: file.fields,
      undone: false,
      effects: [],
      given: new Map(),
    };
    const matched = this.match(file, key);
    const untouched = new Set([...this.records.keys()]);
    for (const record of matched.values()) untouched.delete(record.id);
    const changes: Effect[] = [];
    const insert = (i: number, row: Data) => {
      counts.new++;
      const id = `${number}:${i + 1}`;
      made.given.set(id, row);
      changes.push({ id, before: null, after: { data: row, writer: number } });
    };
    const update = (record: ModelRecord, data: Data) => {
      counts.toUpdate++;
      changes.push({ id: record.id, before: stateOf(record), after: { data, writer: number } });
    };
    file.rows.forEach((row, i) => {
      if (row === null) return void counts.invalid++;
      const record = matched.get(i);
      if (!record) {
        if (file.strategy === "updateOnly") counts.skipped++;
        else insert(i, row);
        return;
      }
      if (this.isSame(file, row, record)) {
        counts.unchanged++;
        made.given.set(record.id, row);
        return;
      }
      if (file.strategy === "skipExisting" || file.strategy === "insertOnly") return void counts.skipped++;
      if (file.strategy === "replace") {
        made.given.set(record.id, row);
        return update(record, laidOver(record.data, row, file.fields));
      }
      const { taken, clashing } = this.compare(file, row, record);
      const merged = laidOver(record.data, row, taken);
      const decision = clashing.length > 0 ? decide(i + 1) : undefined;
      if (decision === "keepBoth") return insert(i, row);
      made.given.set(record.id, row);
      if (decision === "skip") return void counts.skipped++;
      if (decision === "overwrite") return update(record, laidOver(merged, row, clashing));
      const gaps = decision === "merge" ? clashing.filter((f) => merged[f] === undefined) : [];
      const data = laidOver(merged, row, gaps);
      if (taken.length + gaps.length > 0) update(record, data);
      else counts.unchanged++;
    });
    if (file.strategy === "replace" && counts.invalid === 0) {
      for (const id of untouched) {
        counts.toDelete++;
        changes.push({ id, before: stateOf(this.records.get(id)!), after: null });
      }
    }
    for (const change of changes) this.write(change.id, change.after);
    made.effects = changes;
    this.imports.push(made);
    return counts;
  }

  private write(id: string, state: State | null): void {
    if (state === null) this.records.delete(id);
    else this.records.set(id, { id, ...state, stamp: ++this.stamps });
  }

  edit(id: string, field: string, value: string | number | null): void {
    const data = { ...this.records.get(id)!.data };
    if (value === null) delete data[field];
    else data[field] = value;
    this.write(id, { data, writer: null });
  }

  remove(id: string): void {
    this.records.delete(id);
  }

  /** Takes an import back; what somebody else has written since stays. */
  undo(number: number): void {
    const made = this.imports[number]!;
    made.undone = true;
    for (const effect of made.effects) {
      delete effect.taken;
      const now = this.records.get(effect.id);
      const isOurs = effect.after === null ? now === undefined : now?.writer === number;
      if (!isOurs) continue;
      this.write(effect.id, effect.before);
      effect.taken = {
        image: now ? stateOf(now) : null,
        stamp: this.records.get(effect.id)?.stamp ?? 0,
      };
    }
  }

  /** Brings an undone import back; what has been written since the undo stays. */
  redo(number: number): void {
    const made = this.imports[number]!;
    made.undone = false;
    for (const { id, taken } of made.effects) {
      if (taken?.stamp === (this.records.get(id)?.stamp ?? 0)) this.write(id, taken.image);
    }
  }
}

function stateOf({ data, writer }: State): State {
  return { data, writer };
}

/** `data` with some fields as the row has them; a field that the row does not have goes. */
function laidOver(data: Data, row: Data, fields: readonly string[]): Data {
  const result = { ...data };
  for (const f of fields) {
    if (row[f] === undefined) delete result[f];
    else result[f] = row[f];
  }
  return result;
}
