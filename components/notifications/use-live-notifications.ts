import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useVisible } from "@/components/use-visible";
import type { Notification } from "@/lib/contracts/notifications";

/** What a notification tells of is looked at again, where it is on the page. */
const ABOUT: Record<string, readonly string[]> = {
  export: ["exports"],
  backup: ["backups", "backup-policy", "storage"],
  restore: ["restores"],
};

/**
 * Has everything about notifications asked for again as soon as there is a new one, by the user's event stream. Answers
 * whether that stream is there: without it (a proxy that holds it back, too many tabs) somebody must ask now and then.
 */
export function useLiveNotifications(): boolean {
  const client = useQueryClient();
  const visible = useVisible();
  const [live, setLive] = useState(false);
  useEffect(() => {
    if (!visible) return;
    // A first answer that is still on its way may be older than the news, and would count as asked again: it is dropped.
    const lookAgain = async () => {
      await client.cancelQueries({ queryKey: ["notifications"] });
      await client.invalidateQueries({ queryKey: ["notifications"] });
    };
    const source = new EventSource("/api/v1/events");
    source.addEventListener("connected", () => {
      setLive(true);
      // What came while nobody listened.
      void lookAgain();
    });
    source.addEventListener("notification", (event: MessageEvent<string>) => {
      const { kind } = JSON.parse(event.data) as Notification;
      void lookAgain();
      for (const key of ABOUT[kind.split("-")[0] ?? ""] ?? []) {
        void client.invalidateQueries({ queryKey: [key] });
      }
    });
    source.onerror = () => setLive(false);
    return () => {
      source.close();
      setLive(false);
    };
  }, [client, visible]);
  return live;
}
