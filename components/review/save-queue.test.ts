import { describe, expect, it } from "vitest";
import type { Change } from "./decisions";
import { SaveQueue } from "./save-queue";

const about = (...ids: string[]): Change => ({
  kind: "specific",
  decisions: ids.map((conflictId) => ({ conflictId, resolution: "skip" })),
});
const idsOf = (change: Change) =>
  change.kind === "specific" ? change.decisions.map((d) => d.conflictId) : change.kind;

/** A server that answers when it is told to. */
function heldServer() {
  const sent: Change[] = [];
  const answers: { resolve: (answer: string) => void; reject: (error: Error) => void }[] = [];
  const log: string[] = [];
  const counts: number[] = [];
  const queue = new SaveQueue<string>({
    send: (change) => {
      sent.push(change);
      return new Promise((resolve, reject) => answers.push({ resolve, reject }));
    },
    onSaved: (answer, _change, waiting) => log.push(`${answer}, ${waiting.length} waiting`),
    onFailed: (error, lost, waiting) => log.push(`lost ${String(idsOf(lost))}, ${waiting.length} waiting`),
    onCount: (count) => counts.push(count),
  });
  const answer = async (index: number, value: string | Error) => {
    if (value instanceof Error) answers[index]?.reject(value);
    else answers[index]?.resolve(value);
    await new Promise((resume) => setImmediate(resume));
  };
  return { queue, sent, log, counts, answer };
}

describe("SaveQueue", () => {
  it("sends decisions that waited together, the later one about the same conflict last", async () => {
    const { queue, sent, log, counts, answer } = heldServer();
    const all = [queue.push(about("1")), queue.push(about("2")), queue.push(about("3"))];
    expect(sent.map(idsOf)).toEqual([["1"]]);
    await answer(0, "first");
    expect(sent.map(idsOf)).toEqual([["1"], ["2", "3"]]);
    await answer(1, "second");
    expect(await Promise.all(all)).toEqual(["first", "second", "second"]);
    expect(log).toEqual(["first, 1 waiting", "second, 0 waiting"]);
    expect(counts.at(-1)).toBe(0);
  });

  it("keeps the order of what cannot be joined", async () => {
    const { queue, sent, answer } = heldServer();
    void queue.push(about("1"));
    void queue.push({ kind: "rule", rule: "skip" });
    void queue.push(about("2"), true);
    void queue.push(about("3"));
    for (let i = 0; i < 4; i += 1) await answer(i, "ok");
    expect(sent.map(idsOf)).toEqual([["1"], "rule", ["2"], ["3"]]);
  });

  it("tells who is concerned when a request fails, and goes on with what waits", async () => {
    const { queue, sent, log, counts, answer } = heldServer();
    const lost = queue.push(about("1"));
    const kept = queue.push(about("2"));
    const told = expect(lost).rejects.toThrow("no");
    await answer(0, new Error("no"));
    await told;
    await answer(1, "second");
    expect(await kept).toBe("second");
    expect(sent.map(idsOf)).toEqual([["1"], ["2"]]);
    expect(log).toEqual(["lost 1, 1 waiting", "second, 0 waiting"]);
    expect(counts.at(-1)).toBe(0);
  });
});
