/** Words that name columns and rarely stand in one: the languages are those of the files people bring. */
const WORDS = new Set(
  `id ids uid uuid guid key code name names title label description desc type kind category class group status state
  date time datetime timestamp year month day week hour created updated modified start end from to begin finish due
  first last middle surname firstname lastname fullname username user email mail phone mobile tel fax address street
  city town county region province country zip zipcode postcode postal latitude longitude lat lon lng location place
  age sex gender birthday dob price cost amount total sum qty quantity count number no num nr value rate percent
  percentage currency balance budget salary income tax score rank grade level rating weight height width length depth
  size area volume speed temperature temp pressure humidity url uri link website image photo file filename path
  comment comments note notes remark remarks text message body subject tag tags front back question answer word meaning
  reading expression translation language lang deck card author publisher isbn product productid item sku brand model
  color colour unit units supplier vendor customer client company organisation organization department position role
  entry exit visa passport duration order orderid invoice reference ref source target parent version index row column
  nom prénom prenom ville pays prix adresse naam plaats datum jahr jahre wert menge anzahl ort stadt land straße strasse
  plz nachname vorname preis bezeichnung nombre apellido fecha ciudad país pais precio cantidad dirección valor código
  codigo città citta prezzo cognome data nome cidade preço quantidade tên ngày họ địa chỉ giá số lượng
  이름 날짜 주소 가격 국가 번호 제목 名前 日付 住所 価格 国 番号 姓名 日期 地址 价格 国家 编号 имя дата адрес цена страна`
    .split(/\s+/)
    .filter((word) => word !== ""),
);

/** How much of a cell is words that name columns, 0–1: "Entry Date" 1, "Anna Date" 0.5. */
export function headerWordShare(cell: string): number {
  const words = cell
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{M}\d]+/u)
    .filter((word) => word !== "");
  if (words.length === 0 || words.length > 6) return 0;
  return words.filter((word) => WORDS.has(word)).length / words.length;
}
