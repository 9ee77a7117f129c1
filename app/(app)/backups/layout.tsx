import type { ReactNode } from "react";
import { RestoreDraftProvider } from "@/components/restores/draft-context";

export default function BackupsLayout({ children }: { children: ReactNode }) {
  return <RestoreDraftProvider>{children}</RestoreDraftProvider>;
}
