import type { Change } from "./decisions";

interface Hooks<T> {
  send: (change: Change) => Promise<T>;
  /** The server has taken a change; others still wait behind it. */
  onSaved: (answer: T, change: Change, waiting: readonly Change[]) => void;
  /** The server has not taken a change; others still wait behind it. What was sent alone has a form that tells it. */
  onFailed: (error: unknown, lost: Change, waiting: readonly Change[], alone: boolean) => void;
  /** How many changes are on their way or wait. */
  onCount: (count: number) => void;
}

interface Waiting<T> {
  change: Change;
  /** Never joined with another change: its errors belong to one form. */
  alone: boolean;
  done: ((answer: T) => void)[];
  failed: ((error: unknown) => void)[];
}

/**
 * Sends what the person decides, one request after the other in the order of the decisions. Decisions about single
 * conflicts that wait while a request is on its way go together in the next one: whoever decides faster than the server
 * counts is not held up.
 */
export class SaveQueue<T> {
  private waiting: Waiting<T>[] = [];
  private current: Waiting<T> | null = null;

  constructor(private readonly hooks: Hooks<T>) {}

  /** Resolves with the server's answer to the request that carried the change; rejects with its error. */
  push(change: Change, alone = false): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const last = this.waiting.at(-1);
      const joined = last && !alone && !last.alone ? join(last.change, change) : null;
      if (last && joined) {
        last.change = joined;
        last.done.push(resolve);
        last.failed.push(reject);
      } else {
        this.waiting.push({ change, alone, done: [resolve], failed: [reject] });
      }
      this.hooks.onCount(this.waiting.length + (this.current ? 1 : 0));
      void this.work();
    });
  }

  private changes(): Change[] {
    return this.waiting.map((w) => w.change);
  }

  private async work(): Promise<void> {
    if (this.current) return;
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) {
      this.current = next;
      try {
        const answer = await this.hooks.send(next.change);
        this.hooks.onSaved(answer, next.change, this.changes());
        next.done.forEach((tell) => tell(answer));
      } catch (error) {
        this.hooks.onFailed(error, next.change, this.changes(), next.alone);
        next.failed.forEach((tell) => tell(error));
      }
      this.current = null;
      this.hooks.onCount(this.waiting.length);
    }
  }
}

/** Two sets of single decisions as one; what was decided later about the same conflict holds. */
function join(first: Change, second: Change): Change | null {
  if (first.kind !== "specific" || second.kind !== "specific") return null;
  const byConflict = new Map([...first.decisions, ...second.decisions].map((d) => [d.conflictId, d]));
  return { kind: "specific", decisions: [...byConflict.values()] };
}
