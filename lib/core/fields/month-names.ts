import { foldText } from "@/lib/core/fields/fold";

/** Names and usual short forms by month: English, German, French, Spanish, Italian, Portuguese, Dutch. */
const NAMES = [
  "january jan januar jänner jän janvier janv enero ene gennaio gen janeiro januari",
  "february feb februar feber février févr fév febrero febbraio fevereiro fev februari",
  "march mar märz mär mrz mars marzo março maart mrt",
  "april apr avril avr abril abr aprile",
  "may mai mayo maggio mag maio mei",
  "june jun juni juin junio giugno giu junho",
  "july jul juli juillet juil julio luglio lug julho",
  "august aug août aoû agosto ago augustus",
  "september sep sept septembre septiembre setiembre set settembre setembro",
  "october oct oktober okt octobre octubre ottobre ott outubro out",
  "november nov novembre noviembre novembro",
  "december dec dezember dez décembre déc diciembre dic dicembre dezembro",
];

const MONTHS = new Map<string, number>();
for (const [index, names] of NAMES.entries()) {
  for (const name of names.split(" ")) MONTHS.set(foldText(name), index + 1);
}

const WEEKDAYS = new Set(
  [
    "monday mon tuesday tue tues wednesday wed thursday thu thur thurs friday fri saturday sat sunday sun",
    "montag mo dienstag di mittwoch mi donnerstag do freitag fr samstag sa sonnabend sonntag so",
    "lundi lun mardi mercredi mer jeudi jeu vendredi ven samedi sam dimanche dim",
    "lunes martes miércoles mié jueves jue viernes vie sábado sáb domingo dom",
  ]
    .join(" ")
    .split(" ")
    .map(foldText),
);

/** 1–12, or undefined when the word is no month's name. Case and accents do not count. */
export function monthOfName(word: string): number | undefined {
  return MONTHS.get(foldText(word));
}

export function isWeekday(word: string): boolean {
  return WEEKDAYS.has(foldText(word));
}
