import type { Metadata } from "next";
import { ImportPage } from "@/components/imports/import-page";

export const metadata: Metadata = { title: "Import" };

export default async function Page({ searchParams }: { searchParams: Promise<Record<string, unknown>> }) {
  const { collection } = await searchParams;
  return <ImportPage collectionId={typeof collection === "string" ? collection : undefined} />;
}
