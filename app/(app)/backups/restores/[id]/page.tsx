import type { Metadata } from "next";
import { RestorePage } from "@/components/restores/restore-page";

export const metadata: Metadata = { title: "Restore" };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return <RestorePage restoreId={id} />;
}
