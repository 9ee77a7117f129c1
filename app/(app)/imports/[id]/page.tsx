import type { Metadata } from "next";
import { Suspense } from "react";
import { ImportWizard } from "@/components/imports/import-wizard";
import { PageSkeleton } from "@/components/shell/page-skeleton";

export const metadata: Metadata = { title: "Import" };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return (
    <Suspense fallback={<PageSkeleton />}>
      <ImportWizard importId={id} />
    </Suspense>
  );
}
