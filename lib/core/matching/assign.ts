/** Pairs that could be made. One entry of each array is one pair; sorted by row, then by record. */
export interface CandidatePairs {
  /** Row of each pair, counted from 0 without gaps. */
  rows: Int32Array;
  /** Record of each pair, counted from 0 without gaps. */
  records: Int32Array;
  /** What making the pair is worth: positive. */
  values: Float64Array;
}

/** Pairs looked at before the exact search gives up on a tangle and takes the best that is left, pair by pair. */
const EFFORT_MAX = 40_000_000;

/**
 * Gives each row at most one record and each record at most one row so that the chosen pairs are worth most in all.
 * Among equals the earlier row keeps the earlier record. Exact by successive shortest paths (one row at a time, with
 * potentials, as Jonker and Volgenant do); rows that come after `effortMax` looks at pairs get the best free record.
 * @returns indexes of the chosen pairs, ascending
 */
export function assign(pairs: CandidatePairs, effortMax = EFFORT_MAX): Int32Array {
  const rowCount = (pairs.rows.at(-1) ?? -1) + 1;
  const search = new Search(pairs, rowCount);
  for (let row = 0; row < rowCount; row++) {
    if (search.effort < effortMax) search.addRow(row);
    else search.addRowGreedily(row);
  }
  return search.chosen();
}

/**
 * Costs are what a pair falls short of the most valuable one, and staying alone costs all of it: every row ends up
 * somewhere, with a record or alone, at the least total cost.
 */
class Search {
  effort = 0;
  private readonly alone: number;
  private readonly firstPair: Int32Array;
  private readonly potential: Float64Array;
  /** Per record the pair that holds it, or -1. */
  private readonly holder: Int32Array;
  /** Per row its pair, or -1. */
  private readonly pairOfRow: Int32Array;
  private readonly distance: Float64Array;
  /** Per record the pair by which the search came to it. */
  private readonly reachedBy: Int32Array;
  private readonly isDone: Uint8Array;
  private readonly heap = new Heap();

  constructor(
    private readonly pairs: CandidatePairs,
    rowCount: number,
  ) {
    let recordCount = 0;
    let most = 0;
    this.firstPair = new Int32Array(rowCount + 1);
    for (let pair = 0; pair < pairs.rows.length; pair++) {
      recordCount = Math.max(recordCount, pairs.records[pair]! + 1);
      most = Math.max(most, pairs.values[pair]!);
      this.firstPair[pairs.rows[pair]! + 1] = pair + 1;
    }
    for (let row = 1; row <= rowCount; row++) {
      this.firstPair[row] = Math.max(this.firstPair[row]!, this.firstPair[row - 1]!);
    }
    this.alone = most;
    this.potential = new Float64Array(recordCount);
    this.holder = new Int32Array(recordCount).fill(-1);
    this.pairOfRow = new Int32Array(rowCount).fill(-1);
    this.distance = new Float64Array(recordCount).fill(Infinity);
    this.reachedBy = new Int32Array(recordCount).fill(-1);
    this.isDone = new Uint8Array(recordCount);
  }

  /** Finds the cheapest way to give the new row a place, moving others on where that pays. */
  addRow(newRow: number): void {
    const { rows, records } = this.pairs;
    const reached: number[] = [];
    const done: number[] = [];
    // The row that stays alone at the end of the cheapest way, unless a free record is nearer.
    let bestAlone = this.alone;
    let leftAlone = newRow;
    let free = -1;
    const relax = (row: number, base: number) => {
      for (let pair = this.firstPair[row]!; pair < this.firstPair[row + 1]!; pair++) {
        this.effort++;
        const record = records[pair]!;
        if (this.isDone[record]) continue;
        const cost = base + this.cost(pair) - this.potential[record]!;
        if (cost >= this.distance[record]!) continue;
        if (this.distance[record] === Infinity) reached.push(record);
        this.distance[record] = cost;
        this.reachedBy[record] = pair;
        this.heap.push(cost, record);
      }
    };
    relax(newRow, 0);
    let least = bestAlone;
    for (let record = this.heap.pop(); record >= 0; record = this.heap.pop()) {
      const distance = this.distance[record]!;
      if (this.isDone[record]) continue;
      // Among equals a record is better than staying alone: it is a match that reaches the threshold.
      if (distance > bestAlone) break;
      this.isDone[record] = 1;
      done.push(record);
      if (this.holder[record] === -1) {
        free = record;
        least = distance;
        break;
      }
      const pair = this.holder[record]!;
      const row = rows[pair]!;
      const base = distance - this.cost(pair) + this.potential[record]!;
      if (base + this.alone < bestAlone) {
        bestAlone = base + this.alone;
        leftAlone = row;
        least = bestAlone;
      }
      relax(row, base);
    }
    for (const record of done) {
      this.potential[record]! += Math.min(this.distance[record]! - least, 0);
    }
    this.moveOn(newRow, free, leftAlone);
    for (const record of reached) {
      this.distance[record] = Infinity;
      this.isDone[record] = 0;
    }
    this.heap.clear();
  }

  /** Turns the way that was found around: each row on it takes the record it came to. */
  private moveOn(newRow: number, free: number, leftAlone: number): void {
    let record = free;
    if (record === -1) {
      if (leftAlone === newRow) return;
      record = this.pairs.records[this.pairOfRow[leftAlone]!]!;
      this.pairOfRow[leftAlone] = -1;
    }
    for (;;) {
      const pair = this.reachedBy[record]!;
      const row = this.pairs.rows[pair]!;
      const before = this.pairOfRow[row]!;
      this.pairOfRow[row] = pair;
      this.holder[record] = pair;
      if (row === newRow) return;
      record = this.pairs.records[before]!;
    }
  }

  addRowGreedily(row: number): void {
    let best = -1;
    for (let pair = this.firstPair[row]!; pair < this.firstPair[row + 1]!; pair++) {
      if (this.holder[this.pairs.records[pair]!] !== -1) continue;
      if (best === -1 || this.pairs.values[pair]! > this.pairs.values[best]!) best = pair;
    }
    if (best === -1) return;
    this.pairOfRow[row] = best;
    this.holder[this.pairs.records[best]!] = best;
  }

  chosen(): Int32Array {
    return this.pairOfRow.filter((pair) => pair !== -1);
  }

  private cost(pair: number): number {
    return this.alone - this.pairs.values[pair]!;
  }
}

/** Binary heap of (cost, record); among equal costs the lower record comes first. */
class Heap {
  private readonly costs: number[] = [];
  private readonly records: number[] = [];

  clear(): void {
    this.costs.length = 0;
    this.records.length = 0;
  }

  push(cost: number, record: number): void {
    let at = this.costs.length;
    this.costs.push(cost);
    this.records.push(record);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.isBefore(at, parent)) break;
      this.swap(at, parent);
      at = parent;
    }
  }

  /** The record of the least cost, or -1. */
  pop(): number {
    const first = this.records[0];
    if (first === undefined) return -1;
    const last = this.costs.length - 1;
    this.swap(0, last);
    this.costs.pop();
    this.records.pop();
    for (let at = 0; ;) {
      let next = 2 * at + 1;
      if (next >= last) break;
      if (next + 1 < last && this.isBefore(next + 1, next)) next++;
      if (!this.isBefore(next, at)) break;
      this.swap(at, next);
      at = next;
    }
    return first;
  }

  private isBefore(a: number, b: number): boolean {
    const difference = this.costs[a]! - this.costs[b]!;
    return difference < 0 || (difference === 0 && this.records[a]! < this.records[b]!);
  }

  private swap(a: number, b: number): void {
    [this.costs[a], this.costs[b]] = [this.costs[b]!, this.costs[a]!];
    [this.records[a], this.records[b]] = [this.records[b]!, this.records[a]!];
  }
}
