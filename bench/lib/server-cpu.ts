import { readdirSync, readFileSync } from "node:fs";
import type { Sql } from "@/db/client";

/** CPU seconds of the whole server so far: of its living processes, and of those it has buried. */
export async function serverSeconds(sql: Sql): Promise<number> {
  const [backend] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
  const postmaster = statOf(backend!.pid)?.parent ?? 0;
  let ticks = statOf(postmaster)?.buried ?? 0;
  for (const name of readdirSync("/proc")) {
    const stat = /^\d+$/.test(name) ? statOf(Number(name)) : undefined;
    if (stat?.parent === postmaster) ticks += stat.own;
  }
  return ticks / 100;
}

function statOf(pid: number): { parent: number; own: number; buried: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat
      .slice(stat.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
    return { parent: fields[1]!, own: fields[11]! + fields[12]!, buried: fields[13]! + fields[14]! };
  } catch {
    return undefined;
  }
}
