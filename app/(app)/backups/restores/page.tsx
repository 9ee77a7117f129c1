import type { Metadata } from "next";
import { RestoresPage } from "@/components/restores/restores-page";

export const metadata: Metadata = { title: "Restores" };

export default function Page() {
  return <RestoresPage />;
}
