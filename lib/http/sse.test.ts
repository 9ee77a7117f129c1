import { afterEach, describe, expect, it, vi } from "vitest";
import { lastEventId, openEventStream } from "@/lib/http/sse";

const limit = { key: "test", max: 2 };
const request = (signal?: AbortSignal) => new Request("http://localhost/events", { signal });

/** Two events, then silence until the client is gone. */
async function* twoThenSilence(signal: AbortSignal) {
  yield { id: 1, event: "connected", data: { a: 1 } };
  yield { id: 2, event: "progress", data: { text: "two\nlines" } };
  await new Promise((resolve) => signal.addEventListener("abort", resolve));
}

afterEach(() => {
  vi.useRealTimers();
});

describe("an event stream", () => {
  it("is written as the format wants it, and cannot be cached or collected on the way", async () => {
    const response = await openEventStream(request(), limit, (signal) =>
      Promise.resolve(twoThenSilence(signal)),
    );
    expect(Object.fromEntries(response.headers)).toEqual({
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
    });
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    while (!text.includes("two")) text += (await reader.read()).value;
    expect(text).toBe(
      'retry: 2000\n\nid: 1\nevent: connected\ndata: {"a":1}\n\nid: 2\nevent: progress\ndata: {"text":"two\\nlines"}\n\n',
    );
    await reader.cancel();
  });

  it("says every 15 seconds of silence that it is still there", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const response = await openEventStream(request(), limit, (signal) =>
      Promise.resolve(twoThenSilence(signal)),
    );
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    while (!text.includes("two")) text += (await reader.read()).value;
    const next = reader.read();
    await vi.advanceTimersByTimeAsync(15_000);
    expect((await next).value).toBe(": still here\n\n");
    await reader.cancel();
  });

  it("ends what feeds it when the client goes away, one way or the other", async () => {
    const signals: AbortSignal[] = [];
    const open = (signal: AbortSignal) => {
      signals.push(signal);
      return Promise.resolve(twoThenSilence(signal));
    };
    const gone = new AbortController();
    const first = await openEventStream(request(gone.signal), limit, open);
    const second = await openEventStream(request(), limit, open);
    gone.abort();
    await second.body!.cancel();
    expect(signals.map((s) => s.aborted)).toEqual([true, true]);
    await first.body!.cancel();
  });

  it("is refused beyond the limit, and open again when another has ended", async () => {
    const open = (signal: AbortSignal) => Promise.resolve(twoThenSilence(signal));
    const [one, two] = [
      await openEventStream(request(), limit, open),
      await openEventStream(request(), limit, open),
    ];
    await expect(openEventStream(request(), limit, open)).rejects.toMatchObject({ status: 429 });
    // A page that reloads: the new stream is asked for before the old one is gone.
    const third = openEventStream(request(), limit, open);
    await one.body!.cancel();
    await (await third).body!.cancel();
    await two.body!.cancel();
  });

  it("gives its place back when there is nothing to tell or it cannot be opened", async () => {
    for (let i = 0; i < 3; i++) {
      expect((await openEventStream(request(), limit, () => Promise.resolve(undefined))).status).toBe(204);
      await expect(openEventStream(request(), limit, () => Promise.reject(new Error("no")))).rejects.toThrow(
        "no",
      );
    }
  });
});

it("reads the last id from the header, or from the address", () => {
  const at = (url: string, id?: string) =>
    lastEventId(new Request(url, { headers: id ? { "last-event-id": id } : {} }));
  expect(at("http://localhost/e")).toBeUndefined();
  expect(at("http://localhost/e", "12")).toBe(12);
  expect(at("http://localhost/e?lastEventId=7")).toBe(7);
  expect(at("http://localhost/e?lastEventId=7", "12")).toBe(12);
  expect(at("http://localhost/e", "abc")).toBeUndefined();
});
