import { describe, expect, it } from "vitest";
import { TRIPS } from "@/lib/core/templates/trips";
import { collectionNameFor, proposeTarget } from "./propose-target";

const TRIP_COLUMNS = [
  "Country",
  "Entry Date",
  "Exit Date",
  "Visa Type",
  "Max Days",
  "Passport Country",
  "Duration",
  "Notes",
];
const trips = { id: "c1", template: "trips" as const, fields: TRIPS.fields };
const people = {
  id: "c2",
  template: null,
  fields: [{ name: "name", label: "Name", type: "text" as const, required: false }],
};

describe("proposeTarget", () => {
  it("proposes the template when the account has nothing that fits", () => {
    expect(proposeTarget("x.csv", TRIP_COLUMNS, [people])).toEqual({
      newCollection: { name: "Trips", template: "trips" },
    });
  });
  it("prefers the person's own collection", () => {
    expect(proposeTarget("x.csv", TRIP_COLUMNS, [people, trips])).toEqual({ collectionId: "c1" });
  });
  it("knows other languages' headers", () => {
    const columns = ["Land", "Einreise", "Ausreise", "Visum"];
    expect(proposeTarget("x.csv", columns, [trips])).toEqual({ collectionId: "c1" });
  });
  it("does not propose a collection whose required field the file lacks", () => {
    expect(proposeTarget("orders 2024.csv", ["Country", "Notes", "Max Days"], [trips])).toEqual({
      newCollection: { name: "orders 2024", template: "table" },
    });
  });
  it("makes a table of any other file", () => {
    expect(proposeTarget("weights_kg.csv", ["a", "b", "c"], [trips, people])).toEqual({
      newCollection: { name: "weights kg", template: "table" },
    });
  });
});

describe("collectionNameFor", () => {
  it("is never empty", () => {
    expect(collectionNameFor(".csv")).toBe("Imported table");
  });
});
