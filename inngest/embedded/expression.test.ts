import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkExpression, evaluate, holds } from "./expression";
import { ExpressionError } from "./expression-parser";

const event = {
  name: "import/requested",
  data: { id: "a-1", n: 7, ok: true, none: null, list: ["x", "y"], deep: { k: { v: 2 } }, "odd key": "!" },
};
const scope = { event, async: { data: { id: "a-1", n: 8 } } };

describe("evaluate", () => {
  it.each<[string, unknown]>([
    ["event.data.id == async.data.id", true],
    ["event.data.n == async.data.n", false],
    ["event.data.id == 'a-1' && event.data.n < async.data.n", true],
    ["event.data.n >= 8 || !(event.data.ok == false)", true],
    ["event.data.deep.k.v + 3 * 2", 8],
    ["(event.data.deep.k.v + 3) * -2", -10],
    ["7 % 4 - 1", 2],
    ["event.data['odd key']", "!"],
    ["event.data.list[1]", "y"],
    ["'x' in event.data.list", true],
    ["event.data.n in [1, 7]", true],
    ["'id' in event.data", true],
    ["event.data.n > 5 ? 'many' : 'few'", "many"],
    ['event.data.id + "-" + event.name', "a-1-import/requested"],
    ["string(event.data.n) + 'x'", "7x"],
    ["event.name.startsWith('import/') && event.name.contains('req')", true],
    ["size(event.data.list) == event.data.list.size()", true],
    ["has(event.data.none) || has(event.data.missing.deeper)", false],
    ["event.data.none == null && event.data.missing == null", true],
    ["'it\\'s \\u0041'", "it's A"],
    ["[1, [2]] == [1, [2]]", true],
  ])("%s", (source, value) => {
    expect(evaluate(source, scope)).toEqual(value);
  });

  it("never throws over data: what cannot be compared does not hold", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const outcome = holds("event.x < async.y || event.x.y.z == async.q[0]", { event: a, async: b });
        expect(typeof outcome).toBe("boolean");
      }),
    );
  });

  it("compares every JSON value with itself as equal", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(
          evaluate("event.v == async.v", { event: { v: value }, async: structuredClone({ v: value }) }),
        ).toBe(true);
      }),
    );
  });

  it("reads own properties only", () => {
    expect(evaluate("event.constructor", scope)).toBeNull();
    expect(evaluate("event['__proto__']", scope)).toBeNull();
  });

  it("evaluates both sides of && to true alone", () => {
    expect(evaluate("1 && true", scope)).toBe(false);
    expect(holds("event.data.id", scope)).toBe(false);
    expect(holds(null, scope)).toBe(true);
  });
});

describe("checkExpression", () => {
  it.each([
    "event.data.",
    "a == b",
    "event.data.x ==",
    "foo(1)",
    "event.x.matches('a')",
    "'open",
    "event @ 1",
    "(event.x",
    "",
  ])("refuses %j and says where", (source) => {
    expect(() => checkExpression(source)).toThrow(ExpressionError);
    expect(() => checkExpression(source)).toThrow(/at character \d+/);
  });

  it("reads or refuses any text, and ends", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(..."event.data()[]'\"&|=!<>+-*/% 1?:,".split("")) }),
        (source) => {
          try {
            checkExpression(source);
          } catch (error) {
            expect(error).toBeInstanceOf(ExpressionError);
          }
        },
      ),
    );
  });
});
