import { route } from "@/lib/http/route";
import { describeStorage } from "@/lib/services/storage/describe";

export const GET = route({}, ({ ctx }) => describeStorage(ctx));
