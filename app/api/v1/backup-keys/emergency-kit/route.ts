import { clientAddress } from "@/lib/auth/client-address";
import { EmergencyKitBody } from "@/lib/contracts/backup-keys";
import { route } from "@/lib/http/route";
import { openEmergencyKit } from "@/lib/services/backups/emergency-kit";

/** Holds secret keys: `no-store`, as every answer, and never idempotent, since answers of those are kept. */
export const POST = route({ body: EmergencyKitBody }, ({ ctx, body, request }) =>
  openEmergencyKit(ctx, { ...body, ip: clientAddress(request.headers) }),
);
