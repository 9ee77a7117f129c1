import type { Metadata } from "next";
import { RestoreReviewPage } from "@/components/restores/review-page";

export const metadata: Metadata = { title: "Decide one by one" };

export default async function Page({ params }: { params: Promise<{ id: string; importId: string }> }) {
  const { id, importId } = await params;
  return <RestoreReviewPage restoreId={id} importId={importId} />;
}
