import { takeStream } from "@/lib/http/sse-limit";

interface ServerSentEvent {
  id: number;
  event: string;
  data: object;
}

const HEARTBEAT_MILLISECONDS = 15_000;
/** What a browser waits before it connects again. */
const RECONNECT_MILLISECONDS = 2_000;

/**
 * Answers a stream of events that `open` makes, 204 when there is nothing (more) to tell (which ends a browser's
 * reconnecting), or refuses when `limit` of them are open. The signal aborts when the client is gone.
 */
export async function openEventStream(
  request: Request,
  limit: { key: string; max: number },
  open: (signal: AbortSignal) => Promise<AsyncIterable<ServerSentEvent> | undefined>,
): Promise<Response> {
  const release = await takeStream(limit.key, limit.max);
  const abort = new AbortController();
  const end = () => {
    request.signal.removeEventListener("abort", end);
    abort.abort();
    release();
  };
  try {
    request.signal.addEventListener("abort", end);
    const events = await open(abort.signal);
    if (events) return eventStream(events, end);
    end();
    return new Response(null, { status: 204 });
  } catch (error) {
    end();
    throw error;
  }
}

/**
 * Sends events as `text/event-stream`, with a comment whenever 15 seconds pass without one, so that nothing between
 * us and the client takes the line for dead. Events are pulled only as fast as the client reads: a slow one holds
 * nothing but itself up. `onEnd` is called however the stream ends.
 */
function eventStream(events: AsyncIterable<ServerSentEvent>, onEnd: () => void): Response {
  const encoder = new TextEncoder();
  const source = events[Symbol.asyncIterator]();
  let pending: Promise<IteratorResult<ServerSentEvent>> | undefined;
  let begun = false;

  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (!begun) {
        begun = true;
        controller.enqueue(encoder.encode(`retry: ${RECONNECT_MILLISECONDS}\n\n`));
        return;
      }
      try {
        pending ??= source.next();
        const next = await orSilence(pending);
        if (next === undefined) {
          controller.enqueue(encoder.encode(": still here\n\n"));
          return;
        }
        pending = undefined;
        if (next.done) {
          onEnd();
          controller.close();
          return;
        }
        controller.enqueue(encoder.encode(frame(next.value)));
      } catch (error) {
        // The client connects again and goes on from the last id it has.
        onEnd();
        controller.error(error);
      }
    },
    async cancel() {
      onEnd();
      await source.return?.();
    },
  });
  return new Response(stream, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache, no-transform",
      // nginx would collect the answer otherwise.
      "x-accel-buffering": "no",
    },
  });
}

/** The id a client has seen last: its header, or `?lastEventId=` for clients that cannot set one. */
export function lastEventId(request: Request): number | undefined {
  const text = request.headers.get("last-event-id") ?? new URL(request.url).searchParams.get("lastEventId");
  return text !== null && /^\d{1,15}$/.test(text.trim()) ? Number(text) : undefined;
}

function frame({ id, event, data }: ServerSentEvent): string {
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

async function orSilence<T>(next: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), HEARTBEAT_MILLISECONDS);
  });
  try {
    return await Promise.race([next, silence]);
  } finally {
    clearTimeout(timer);
  }
}
