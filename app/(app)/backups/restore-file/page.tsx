import type { Metadata } from "next";
import { RestoreFilePage } from "@/components/restores/restore-file-page";

export const metadata: Metadata = { title: "Restore from a file" };

export default function Page() {
  return <RestoreFilePage />;
}
