import { route } from "@/lib/http/route";
import { testStorage } from "@/lib/services/storage/test-storage";

export const POST = route({}, ({ ctx }) => testStorage(ctx));
