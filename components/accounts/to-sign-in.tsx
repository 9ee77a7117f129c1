"use client";

import { redirect, usePathname } from "next/navigation";

/** Leads to the sign-in page and remembers where the person wanted to go: a layout does not know its own address. */
export function ToSignIn(): never {
  const path = usePathname();
  redirect(path === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(path)}`);
}
