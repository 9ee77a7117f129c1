import type { Metadata } from "next";
import { SchedulePage } from "@/components/backups/schedule/schedule-page";

export const metadata: Metadata = { title: "Backup schedule" };

export default function Page() {
  return <SchedulePage />;
}
