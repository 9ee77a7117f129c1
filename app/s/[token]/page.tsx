import type { Metadata } from "next";
import { SharedPage } from "@/components/shares/shared-page";

/** Says nothing of the file: programs that show previews of links read this without opening it. */
export const metadata: Metadata = {
  title: "A file for you",
  description: "Somebody shared a file with you.",
  referrer: "no-referrer",
};

/** The public page of a share link. */
export default async function Page({ params }: { params: Promise<{ token: string }> }) {
  return <SharedPage token={(await params).token} />;
}
