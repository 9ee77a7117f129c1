import type { Metadata } from "next";
import { CollectionPage } from "@/components/collections/collection-page";

export const metadata: Metadata = { title: "Deleted records" };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return <CollectionPage id={id} tab="deleted" />;
}
