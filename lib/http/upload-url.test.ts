import { describe, expect, it } from "vitest";
import { newId } from "@/lib/platform/ids";
import { checkPartUrl, withPartUrls } from "@/lib/http/upload-url";

const expiresAt = "2026-01-02T00:00:00.000Z";
const before = new Date("2026-01-01T00:00:00Z");

function urlOf(headers: Record<string, string> = { host: "ferry.example:8080" }) {
  const id = newId();
  const request = new Request("http://localhost:3000/api/v1/uploads", { headers });
  const upload = withPartUrls({ id, missing: [1, 2], expiresAt }, request);
  return { id, url: new URL(upload.parts[0]!.url) };
}

const queryOf = (url: URL) => Object.fromEntries(url.searchParams);

describe("a signed part URL", () => {
  it("leads to where the client reached us, not to the name we were started with", () => {
    expect(urlOf().url.origin).toBe("http://ferry.example:8080");
    const proxied = {
      host: "10.0.0.1:3000",
      "x-forwarded-host": "ferry.example",
      "x-forwarded-proto": "https",
    };
    expect(urlOf(proxied).url.origin).toBe("https://ferry.example");
    expect(urlOf({ host: "evil.example/path?" }).url.origin).toBe("http://localhost:3000");
  });

  it("opens its own part until it expires", () => {
    const { id, url } = urlOf();
    expect(url.pathname).toBe(`/api/v1/uploads/${id}/parts/1`);
    checkPartUrl({ id, number: 1 }, queryOf(url), before);
    const late = () => checkPartUrl({ id, number: 1 }, queryOf(url), new Date("2026-01-03T00:00:00Z"));
    expect(late).toThrow("ask for the upload again to get fresh URLs");
  });

  it("opens no other part, no other upload, and not longer than it says", () => {
    const { id, url } = urlOf();
    const refuse = (part: { id: string; number: number }, query: Record<string, string>) =>
      expect(() => checkPartUrl(part, query, before)).toThrow("not one that Ferry signed");
    refuse({ id, number: 2 }, queryOf(url));
    refuse({ id: newId(), number: 1 }, queryOf(url));
    refuse({ id, number: 1 }, { ...queryOf(url), expires: "9999999999" });
    refuse({ id, number: 1 }, { ...queryOf(url), signature: "AAAA" });
    refuse({ id, number: 1 }, {});
  });
});
