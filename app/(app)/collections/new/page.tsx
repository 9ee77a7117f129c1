import type { Metadata } from "next";
import { NewCollectionPage } from "@/components/collections/new-collection-page";

export const metadata: Metadata = { title: "New collection" };

export default async function Page({ searchParams }: { searchParams: Promise<Record<string, unknown>> }) {
  const { template } = await searchParams;
  return <NewCollectionPage initial={typeof template === "string" ? template : undefined} />;
}
