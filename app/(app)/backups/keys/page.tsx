import type { Metadata } from "next";
import { KeysPage } from "@/components/backups/keys/keys-page";

export const metadata: Metadata = { title: "Backup keys" };

export default function Page() {
  return <KeysPage />;
}
