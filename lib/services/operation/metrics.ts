import { operationCounts } from "@/db/queries/operation";
import type { SystemContext } from "@/lib/services/context";

type Labels = Record<string, string>;

/** Metrics in Prometheus' text format 0.0.4: figures of the whole installation, and of this process. */
export async function collectMetrics(ctx: SystemContext): Promise<string> {
  const { users, collections, records, jobs, queue } = await operationCounts(ctx.db.sql);
  const memory = process.memoryUsage();
  return [
    gauge("ferry_users", "Accounts.", [[{}, users]]),
    gauge("ferry_collections", "Collections of all users.", [[{}, collections]]),
    gauge("ferry_records", "Records of all users.", [[{}, records]]),
    gauge(
      "ferry_jobs",
      "Jobs by kind and state.",
      jobs.map(({ kind, state, count }) => [{ kind, state }, count]),
    ),
    gauge("ferry_queue_depth", "Steps of durable functions.", [
      [{ state: "due" }, queue.due],
      [{ state: "running" }, queue.leased],
    ]),
    gauge("ferry_queue_oldest_seconds", "How long the oldest due step has waited.", [
      [{}, queue.oldestSeconds],
    ]),
    gauge("process_resident_memory_bytes", "Resident memory of this process.", [[{}, memory.rss]]),
    gauge("nodejs_heap_size_used_bytes", "Used heap of this process.", [[{}, memory.heapUsed]]),
    gauge("process_uptime_seconds", "Age of this process.", [[{}, Math.round(process.uptime())]]),
  ].join("");
}

function gauge(name: string, help: string, samples: [Labels, number][]): string {
  const lines = samples.map(([labels, value]) => `${name}${labelText(labels)} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join("")}`;
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value.replace(/["\\\n]/g, "_")}"`);
  return pairs.length > 0 ? `{${pairs.join(",")}}` : "";
}
