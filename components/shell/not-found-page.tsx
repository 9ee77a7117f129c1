"use client";

import { IconCompassOff } from "@tabler/icons-react";
import { MessagePage } from "./message-page";

export function NotFoundPage() {
  return (
    <MessagePage
      icon={<IconCompassOff size={44} stroke={1.3} aria-hidden />}
      title="There is nothing here"
      description="The address may be mistyped, or what it led to has been deleted."
    />
  );
}
