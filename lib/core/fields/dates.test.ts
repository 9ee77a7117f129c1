import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dayNumber, dayOfNumber } from "@/lib/core/fields/calendar";
import { parseDate } from "@/lib/core/fields/dates";
import { parseDatetime } from "@/lib/core/fields/datetimes";

describe("dates", () => {
  it.each([
    "2023-1-5",
    "2023/01/05",
    "2023.01.05",
    "2023. 1. 5.",
    "20230105",
    "5 Jan 2023",
    "05-Jan-23",
    "5. Januar 2023",
    "January 5, 2023",
    "Jan 5th, 2023",
    "Thu, 5 Jan 2023",
    "5 de enero de 2023",
    "5 janv. 2023",
    "2023年1月5日",
    "2023년 1월 5일",
    "5 tháng 1 năm 2023",
    "ngày 5 tháng 1, 2023",
    "2023-01-05T00:00:00Z",
    "2023-01-05 00:00",
    "２０２３-０１-０５",
    "44931",
  ])("%s is 5 January 2023", (text) => {
    expect(parseDate(text)).toMatchObject({
      value: "2023-01-05",
      correction: { message: expect.any(String) as string },
    });
  });

  it("takes an ISO date as it is", () => {
    expect(parseDate("2024-02-29")).toEqual({ value: "2024-02-29" });
  });

  it("reads numeric dates in the order given", () => {
    expect(parseDate("03/04/2023", "dmy").value).toBe("2023-04-03");
    expect(parseDate("03/04/2023", "mdy").value).toBe("2023-03-04");
    expect(parseDate("3.4.23", "dmy").value).toBe("2023-04-03");
    expect(parseDate("23-04-03", "ymd").value).toBe("2023-04-03");
    expect(parseDate("1/2/69", "dmy").value).toBe("1969-02-01");
  });

  it("asks rather than guesses when day and month could change places", () => {
    expect(parseDate("03/04/2023").error).toEqual({
      code: "ambiguous-date",
      message: '"03/04/2023" can mean 2023-04-03 or 2023-03-04. Choose the order of day and month.',
    });
    expect(parseDate("13/04/2023").value).toBe("2023-04-13");
    expect(parseDate("04/13/2023").value).toBe("2023-04-13");
    expect(parseDate("05/05/2023").value).toBe("2023-05-05");
  });

  it("says why a day does not exist", () => {
    expect(parseDate("2023-02-30").error).toEqual({
      code: "impossible-date",
      message: '"2023-02-30" does not exist: February 2023 has 28 days.',
    });
    expect(parseDate("04/25/2023", "dmy").error?.message).toBe(
      '"04/25/2023", read as day/month/year, does not exist: there is no month 25.',
    );
    expect(parseDate("31 April 2023").error?.code).toBe("impossible-date");
    expect(parseDate("0000-01-01").error?.code).toBe("impossible-date");
  });

  it("drops a time of day with a word about it", () => {
    expect(parseDate("2023-05-04 14:30")).toMatchObject({
      value: "2023-05-04",
      correction: { code: "time-dropped" },
    });
  });

  it.each(["soon", "2023", "Jan 2023", "12345", "99999", "1/2", "12:30", "2023-01-05x", "5 foo 2023"])(
    "refuses %s",
    (text) => {
      expect(parseDate(text).error?.code).toBe("not-a-date");
    },
  );

  it("counts days both ways alike", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: dayNumber(9999, 12, 31) }), (number) => {
        const { year, month, day } = dayOfNumber(number);
        expect(dayNumber(year, month, day)).toBe(number);
      }),
    );
    expect(dayNumber(1970, 1, 1) * 86_400_000).toBe(-new Date(-62135596800000).getTime());
  });
});

describe("datetimes", () => {
  it.each([
    ["2023-01-05T10:00:00+02:00", "2023-01-05T08:00:00Z"],
    ["2023-01-01T01:00:00+02:00", "2022-12-31T23:00:00Z"],
    ["2023-12-31 23:30:00 -0500", "2024-01-01T04:30:00Z"],
    ["2023-01-05 10:00", "2023-01-05T10:00:00Z"],
    ["1/5/2023 2:05:09 PM", "2023-01-05T14:05:09Z"],
    ["5 Jan 2023, 12:00 am", "2023-01-05T00:00:00Z"],
    ["2023-01-05", "2023-01-05T00:00:00Z"],
    ["2023-01-05T10:00:00.5Z", "2023-01-05T10:00:00.500Z"],
    ["2023-01-05T10:00:00.123456Z", "2023-01-05T10:00:00.123456Z"],
    ["2023-01-05T10:00:00.000Z", "2023-01-05T10:00:00Z"],
    ["44931.5", "2023-01-05T12:00:00Z"],
    ["1672912800", "2023-01-05T10:00:00Z"],
    ["1672912800250", "2023-01-05T10:00:00.250Z"],
  ])("%s is %s", (text, value) => {
    expect(parseDatetime(text, "mdy").value).toBe(value);
  });

  it("keeps whole milliseconds and microseconds as they are", () => {
    for (const text of ["2023-01-05T10:00:00Z", "2023-01-05T10:00:00.250Z", "2023-01-05T10:00:00.123456Z"]) {
      expect(parseDatetime(text)).toEqual({ value: text });
    }
  });

  it("says when it had to assume the zone", () => {
    expect(parseDatetime("2023-01-05 10:00").correction?.code).toBe("assumed-utc");
  });

  it("agrees with the platform's own clock on every instant", () => {
    const range = {
      min: new Date("0001-01-02T00:00:00Z"),
      max: new Date("9999-12-30T00:00:00Z"),
      noInvalidDate: true,
    };
    fc.assert(
      fc.property(fc.date(range), fc.integer({ min: -18 * 60, max: 18 * 60 }), (date, offset) => {
        const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, 23);
        const clock = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
        const zone = (offset < 0 ? "-" : "+") + clock.map((part) => String(part).padStart(2, "0")).join(":");
        expect(parseDatetime(local + zone).value).toBe(date.toISOString().replace(".000Z", "Z"));
      }),
    );
  });

  it.each(["soon", "2023-01-05T25:00:00Z", "2023-01-05 10:60", "10:30", "2023-01-05T23:59:60Z"])(
    "refuses %s",
    (text) => {
      expect(parseDatetime(text).error).toBeDefined();
    },
  );
});
