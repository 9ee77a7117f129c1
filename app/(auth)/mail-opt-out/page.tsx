import type { Metadata } from "next";
import { MailOptOut } from "@/components/notifications/mail-opt-out";

export const metadata: Metadata = { title: "No more mail", referrer: "no-referrer" };

export default async function MailOptOutPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, unknown>>;
}) {
  const { account, signature } = await searchParams;
  return <MailOptOut account={textOf(account)} signature={textOf(signature)} />;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
