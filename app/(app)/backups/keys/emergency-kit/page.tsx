import type { Metadata } from "next";
import { EmergencyKitPage } from "@/components/backups/keys/emergency-kit-page";

export const metadata: Metadata = { title: "Emergency kit" };

export default function Page() {
  return <EmergencyKitPage />;
}
