import type { ReactNode } from "react";
import { ToSignIn } from "@/components/accounts/to-sign-in";
import { AppFrame } from "@/components/shell/app-frame";
import { UploadsProvider } from "@/components/uploads/uploads-provider";
import { currentUser } from "@/lib/auth/session";

/** Every page in here belongs to a signed-in person. */
export default async function AppLayout({ children }: { children: ReactNode }) {
  const user = await currentUser();
  if (!user) return <ToSignIn />;
  return (
    <UploadsProvider>
      <AppFrame user={{ email: user.email, name: user.name }}>{children}</AppFrame>
    </UploadsProvider>
  );
}
