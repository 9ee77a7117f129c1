import type { Metadata } from "next";
import { StartRestorePage } from "@/components/restores/start-restore-page";

export const metadata: Metadata = { title: "Restore from a backup" };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return <StartRestorePage backupId={id} />;
}
