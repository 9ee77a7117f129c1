/**
 * ISO 3166-1 countries and Kosovo, one a line: alpha-2|alpha-3|name stored|other spellings. The other spellings are the
 * official English forms, the country's own name, and the German, French, Spanish, Vietnamese, Korean and Japanese ones.
 * A spelling that two countries share ("Congo", "Korea") belongs to none.
 */
export const COUNTRY_LINES = `
AD|AND|Andorra|Andorre;안도라;アンドラ
AE|ARE|United Arab Emirates|UAE;Emirates;Vereinigte Arabische Emirate;Émirats arabes unis;Emiratos Árabes Unidos;Các Tiểu Vương quốc Ả Rập Thống nhất;아랍에미리트;アラブ首長国連邦;الإمارات العربية المتحدة
AF|AFG|Afghanistan|Afganistán;아프가니스탄;アフガニスタン
AG|ATG|Antigua and Barbuda|Antigua & Barbuda;Antigua und Barbuda;Antigua-et-Barbuda;Antigua y Barbuda;Antigua và Barbuda;앤티가 바부다;アンティグア・バーブーダ
AI|AIA|Anguilla|Anguila;앵귈라;アンギラ
AL|ALB|Albania|Albanien;Albanie;알바니아;アルバニア;Shqipëri
AM|ARM|Armenia|Armenien;Arménie;아르메니아;アルメニア;Հայաստան
AO|AGO|Angola|앙골라;アンゴラ
AQ|ATA|Antarctica|Antarktis;Antarctique;Antártida;Nam Cực;남극 대륙;南極
AR|ARG|Argentina|Argentinien;Argentine;아르헨티나;アルゼンチン
AS|ASM|American Samoa|Amerikanisch-Samoa;Samoa américaines;Samoa Americana;Samoa thuộc Mỹ;아메리칸 사모아;米領サモア
AT|AUT|Austria|Österreich;Autriche;Áo;오스트리아;オーストリア
AU|AUS|Australia|Australien;Australie;Úc;오스트레일리아;オーストラリア
AW|ABW|Aruba|아루바;アルバ
AX|ALA|Åland Islands|Ålandinseln;Îles Åland;Islas Aland;Quần đảo Åland;올란드 제도;オーランド諸島
AZ|AZE|Azerbaijan|Aserbaidschan;Azerbaïdjan;Azerbaiyán;아제르바이잔;アゼルバイジャン
BA|BIH|Bosnia and Herzegovina|Bosnia & Herzegovina;Bosnia;Bosnien und Herzegowina;Bosnie-Herzégovine;Bosnia y Herzegovina;Bosnia và Herzegovina;보스니아 헤르체고비나;ボスニア・ヘルツェゴビナ
BB|BRB|Barbados|Barbade;바베이도스;バルバドス
BD|BGD|Bangladesh|Bangladesch;Bangladés;방글라데시;バングラデシュ;বাংলাদেশ
BE|BEL|Belgium|Belgien;Belgique;Bélgica;Bỉ;벨기에;ベルギー;België
BF|BFA|Burkina Faso|부르키나파소;ブルキナファソ
BG|BGR|Bulgaria|Bulgarien;Bulgarie;불가리아;ブルガリア;България
BH|BHR|Bahrain|Bahreïn;Baréin;바레인;バーレーン
BI|BDI|Burundi|부룬디;ブルンジ
BJ|BEN|Benin|베냉;ベナン
BL|BLM|Saint Barthélemy|St. Barthélemy;San Bartolomé;생바르텔레미;サン・バルテルミー
BM|BMU|Bermuda|Bermudes;Bermudas;버뮤다;バミューダ
BN|BRN|Brunei|Brunei Darussalam;브루나이;ブルネイ
BO|BOL|Bolivia|Bolivia, Plurinational State of;Plurinational State of Bolivia;Bolivien;Bolivie;볼리비아;ボリビア
BQ|BES|Caribbean Netherlands|Karibische Niederlande;Pays-Bas caribéens;Caribe neerlandés;Ca-ri-bê Hà Lan;네덜란드령 카리브;オランダ領カリブ
BR|BRA|Brazil|Brasilien;Brésil;Brasil;브라질;ブラジル
BS|BHS|Bahamas|The Bahamas;Bahamas, The;바하마;バハマ
BT|BTN|Bhutan|Bhoutan;Bután;부탄;ブータン
BV|BVT|Bouvet Island|Bouvetinsel;Île Bouvet;Isla Bouvet;Đảo Bouvet;부베섬;ブーベ島
BW|BWA|Botswana|Botsuana;보츠와나;ボツワナ
BY|BLR|Belarus|Belorussia;Biélorussie;Bielorrusia;벨라루스;ベラルーシ
BZ|BLZ|Belize|Belice;벨리즈;ベリーズ
CA|CAN|Canada|Kanada;캐나다;カナダ
CC|CCK|Cocos (Keeling) Islands|Cocos Islands;Kokosinseln;Îles Cocos;Islas Cocos;Quần đảo Cocos (Keeling);코코스 제도;ココス(キーリング)諸島
CD|COD|Democratic Republic of the Congo|DR Congo;DRC;Congo, Democratic Republic of the;Congo-Kinshasa;Congo (DRC);Zaire;Kongo-Kinshasa;República Democrática del Congo;콩고-킨샤사;コンゴ民主共和国(キンシャサ)
CF|CAF|Central African Republic|CAR;Zentralafrikanische Republik;République centrafricaine;República Centroafricana;Cộng hòa Trung Phi;중앙 아프리카 공화국;中央アフリカ共和国
CG|COG|Republic of the Congo|Congo-Brazzaville;Congo, Republic of the;Kongo-Brazzaville;콩고-브라자빌;コンゴ共和国(ブラザビル)
CH|CHE|Switzerland|Schweiz;Suisse;Svizzera;Suiza;Thụy Sĩ;스위스;スイス
CI|CIV|Côte d'Ivoire|Ivory Coast;코트디부아르;コートジボワール
CK|COK|Cook Islands|Cookinseln;Îles Cook;Islas Cook;Quần đảo Cook;쿡 제도;クック諸島
CL|CHL|Chile|Chili;칠레;チリ
CM|CMR|Cameroon|Kamerun;Cameroun;Camerún;카메룬;カメルーン
CN|CHN|China|People's Republic of China;PRC;Mainland China;China, People's Republic of;Chine;Trung Quốc;중국;中国
CO|COL|Colombia|Kolumbien;Colombie;콜롬비아;コロンビア
CR|CRI|Costa Rica|코스타리카;コスタリカ
CU|CUB|Cuba|Kuba;쿠바;キューバ
CV|CPV|Cape Verde|Cabo Verde;Cap-Vert;카보베르데;カーボベルデ
CW|CUW|Curaçao|Curazao;퀴라소;キュラソー
CX|CXR|Christmas Island|Weihnachtsinsel;Île Christmas;Isla de Navidad;Đảo Giáng Sinh;크리스마스섬;クリスマス島
CY|CYP|Cyprus|Zypern;Chypre;Chipre;Síp;키프로스;キプロス
CZ|CZE|Czechia|Czech Republic;Tschechische Republik;République tchèque;Tschechien;Tchéquie;Chequia;Séc;체코;チェコ;Česko
DE|DEU|Germany|Federal Republic of Germany;BRD;Deutschland;Allemagne;Alemania;Đức;독일;ドイツ
DJ|DJI|Djibouti|Dschibuti;Yibuti;지부티;ジブチ
DK|DNK|Denmark|Dänemark;Dinamarca;Đan Mạch;덴마크;デンマーク;Danmark
DM|DMA|Dominica|Dominique;도미니카;ドミニカ国
DO|DOM|Dominican Republic|Dominican Rep.;Dominikanische Republik;République dominicaine;República Dominicana;Cộng hòa Dominica;도미니카 공화국;ドミニカ共和国
DZ|DZA|Algeria|Algerien;Algérie;Argelia;알제리;アルジェリア
EC|ECU|Ecuador|Équateur;에콰도르;エクアドル
EE|EST|Estonia|Estland;Estonie;에스토니아;エストニア;Eesti
EG|EGY|Egypt|Ägypten;Égypte;Egipto;Ai Cập;이집트;エジプト;مصر
EH|ESH|Western Sahara|Westsahara;Sahara occidental;Tây Sahara;서사하라;西サハラ
ER|ERI|Eritrea|Érythrée;에리트리아;エリトリア
ES|ESP|Spain|Espana;Spanien;Espagne;Tây Ban Nha;스페인;スペイン
ET|ETH|Ethiopia|Äthiopien;Éthiopie;Etiopía;에티오피아;エチオピア
FI|FIN|Finland|Finnland;Finlande;Finlandia;Phần Lan;핀란드;フィンランド;Suomi
FJ|FJI|Fiji|Fidschi;Fidji;Fiyi;피지;フィジー
FK|FLK|Falkland Islands|Falkland Islands (Malvinas);Falklandinseln;Îles Malouines;Islas Malvinas;Quần đảo Falkland;포클랜드 제도;フォークランド諸島
FM|FSM|Micronesia|Micronesia, Federated States of;Federated States of Micronesia;Mikronesien;Micronésie;미크로네시아;ミクロネシア連邦
FO|FRO|Faroe Islands|Färöer;Îles Féroé;Islas Feroe;Quần đảo Faroe;페로 제도;フェロー諸島
FR|FRA|France|Frankreich;Francia;Pháp;프랑스;フランス
GA|GAB|Gabon|Gabun;가봉;ガボン
GB|GBR|United Kingdom|UK;Great Britain;Britain;United Kingdom of Great Britain and Northern Ireland;Anh Quốc;영국;Vereinigtes Königreich;Royaume-Uni;Reino Unido;Vương quốc Anh;イギリス
GD|GRD|Grenada|Grenade;Granada;그레나다;グレナダ
GE|GEO|Georgia|Georgien;Géorgie;조지아;ジョージア;საქართველო
GF|GUF|French Guiana|Französisch-Guayana;Guyane française;Guayana Francesa;Guiana thuộc Pháp;프랑스령 기아나;仏領ギアナ
GG|GGY|Guernsey|Guernesey;건지;ガーンジー
GH|GHA|Ghana|가나;ガーナ
GI|GIB|Gibraltar|지브롤터;ジブラルタル
GL|GRL|Greenland|Grönland;Groenland;Groenlandia;그린란드;グリーンランド
GM|GMB|Gambia|The Gambia;Gambia, The;Gambie;감비아;ガンビア
GN|GIN|Guinea|Guinée;기니;ギニア
GP|GLP|Guadeloupe|Guadalupe;과들루프;グアドループ
GQ|GNQ|Equatorial Guinea|Äquatorialguinea;Guinée équatoriale;Guinea Ecuatorial;Guinea Xích Đạo;적도 기니;赤道ギニア
GR|GRC|Greece|Griechenland;Grèce;Grecia;Hy Lạp;그리스;ギリシャ;Ελλάδα
GS|SGS|South Georgia and the South Sandwich Islands|South Georgia & South Sandwich Islands;Südgeorgien und die Südlichen Sandwichinseln;Géorgie du Sud-et-les Îles Sandwich du Sud;Islas Georgia del Sur y Sandwich del Sur;Nam Georgia & Quần đảo Nam Sandwich;사우스조지아 사우스샌드위치 제도;サウスジョージア・サウスサンドウィッチ諸島
GT|GTM|Guatemala|과테말라;グアテマラ
GU|GUM|Guam|괌;グアム
GW|GNB|Guinea-Bissau|Guinée-Bissau;Guinea-Bisáu;기니비사우;ギニアビサウ
GY|GUY|Guyana|가이아나;ガイアナ
HK|HKG|Hong Kong|Hong Kong SAR;Hong Kong SAR China;Sonderverwaltungsregion Hongkong;R.A.S. chinoise de Hong Kong;RAE de Hong Kong (China);Đặc khu Hành chính Hồng Kông, Trung Quốc;홍콩(중국 특별행정구);中華人民共和国香港特別行政区;中國香港特別行政區
HM|HMD|Heard Island and McDonald Islands|Heard & McDonald Islands;Heard und McDonaldinseln;Îles Heard-et-MacDonald;Islas Heard y McDonald;Quần đảo Heard và McDonald;허드 맥도널드 제도;ハード島・マクドナルド諸島
HN|HND|Honduras|온두라스;ホンジュラス
HR|HRV|Croatia|Kroatien;Croatie;Croacia;크로아티아;クロアチア;Hrvatska
HT|HTI|Haiti|아이티;ハイチ
HU|HUN|Hungary|Ungarn;Hongrie;Hungría;헝가리;ハンガリー;Magyarország
ID|IDN|Indonesia|Indonesien;Indonésie;인도네시아;インドネシア
IE|IRL|Ireland|Republic of Ireland;Eire;Irland;Irlande;Irlanda;아일랜드;アイルランド
IL|ISR|Israel|이스라엘;イスラエル;ישראל
IM|IMN|Isle of Man|Île de Man;Isla de Man;Đảo Man;맨섬;マン島
IN|IND|India|Indien;Inde;Ấn Độ;인도;インド;भारत
IO|IOT|British Indian Ocean Territory|Britisches Territorium im Indischen Ozean;Territoire britannique de l'océan Indien;Territorio Británico del Océano Índico;Lãnh thổ Ấn Độ Dương thuộc Anh;영국령 인도양 지역;英領インド洋地域
IQ|IRQ|Iraq|Irak;이라크;イラク
IR|IRN|Iran|Iran, Islamic Republic of;Islamic Republic of Iran;Persia;이란;イラン;ایران
IS|ISL|Iceland|Island;Islande;Islandia;아이슬란드;アイスランド
IT|ITA|Italy|Italian Republic;Italien;Italie;Italia;이탈리아;イタリア
JE|JEY|Jersey|저지;ジャージー
JM|JAM|Jamaica|Jamaika;Jamaïque;자메이카;ジャマイカ
JO|JOR|Jordan|Jordanien;Jordanie;Jordania;요르단;ヨルダン
JP|JPN|Japan|Nhật;Nippon;Nihon;日本国;Japon;Nhật Bản;일본;日本
KE|KEN|Kenya|Kenia;케냐;ケニア
KG|KGZ|Kyrgyzstan|Kirgisistan;Kirghizstan;Kirguistán;키르기스스탄;キルギス
KH|KHM|Cambodia|Kampuchea;Kambodscha;Cambodge;Camboya;Campuchia;캄보디아;カンボジア;កម្ពុជា
KI|KIR|Kiribati|키리바시;キリバス
KM|COM|Comoros|Komoren;Comores;Comoras;코모로;コモロ
KN|KNA|Saint Kitts and Nevis|St. Kitts & Nevis;St. Kitts und Nevis;Saint-Christophe-et-Niévès;San Cristóbal y Nieves;St. Kitts và Nevis;세인트키츠 네비스;セントクリストファー・ネーヴィス
KP|PRK|North Korea|Democratic People's Republic of Korea;Korea, Democratic People's Republic of;DPRK;N. Korea;Korea, North;Nordkorea;Corée du Nord;Corea del Norte;Triều Tiên;북한;北朝鮮
KR|KOR|South Korea|Republic of Korea;Korea, Republic of;Korea South;S. Korea;ROK;한국;Hàn;Südkorea;Corée du Sud;Corea del Sur;Hàn Quốc;대한민국;韓国
KW|KWT|Kuwait|Koweït;쿠웨이트;クウェート
KY|CYM|Cayman Islands|Kaimaninseln;Îles Caïmans;Islas Caimán;Quần đảo Cayman;케이맨 제도;ケイマン諸島
KZ|KAZ|Kazakhstan|Kasachstan;Kazajistán;카자흐스탄;カザフスタン;Қазақстан
LA|LAO|Laos|Lao People's Democratic Republic;Lao PDR;Lao;라오스;ラオス;ລາວ
LB|LBN|Lebanon|Libanon;Liban;Líbano;Li-băng;레바논;レバノン
LC|LCA|Saint Lucia|St. Lucia;Sainte-Lucie;Santa Lucía;세인트루시아;セントルシア
LI|LIE|Liechtenstein|리히텐슈타인;リヒテンシュタイン
LK|LKA|Sri Lanka|Ceylon;스리랑카;スリランカ;ශ්‍රී ලංකාව
LR|LBR|Liberia|라이베리아;リベリア
LS|LSO|Lesotho|Lesoto;레소토;レソト
LT|LTU|Lithuania|Litauen;Lituanie;Lituania;Litva;리투아니아;リトアニア;Lietuva
LU|LUX|Luxembourg|Luxemburg;Luxemburgo;룩셈부르크;ルクセンブルク
LV|LVA|Latvia|Lettland;Lettonie;Letonia;라트비아;ラトビア;Latvija
LY|LBY|Libya|Libyen;Libye;Libia;리비아;リビア
MA|MAR|Morocco|Marokko;Maroc;Marruecos;모로코;モロッコ
MC|MCO|Monaco|모나코;モナコ
MD|MDA|Moldova|Moldova, Republic of;Republic of Moldova;Republik Moldau;Moldavie;Moldavia;몰도바;モルドバ
ME|MNE|Montenegro|몬테네그로;モンテネグロ
MF|MAF|Saint Martin|St. Martin;San Martín;생마르탱;サン・マルタン
MG|MDG|Madagascar|Madagaskar;마다가스카르;マダガスカル
MH|MHL|Marshall Islands|Marshallinseln;Îles Marshall;Islas Marshall;Quần đảo Marshall;마셜 제도;マーシャル諸島
MK|MKD|North Macedonia|Macedonia;FYROM;Nordmazedonien;Macédoine du Nord;Macedonia del Norte;Bắc Macedonia;북마케도니아;北マケドニア;Северна Македонија
ML|MLI|Mali|말리;マリ
MM|MMR|Myanmar|Burma;Birma;Birmanie;Myanmar (Burma);Myanmar (Birmanie);Myanmar (Birmania);Myanmar (Miến Điện);미얀마;ミャンマー (ビルマ);မြန်မာ
MN|MNG|Mongolia|Mongolei;Mongolie;Mông Cổ;몽골;モンゴル;Монгол
MO|MAC|Macau|Macao;Macao SAR China;Macau SAR;Sonderverwaltungsregion Macau;R.A.S. chinoise de Macao;RAE de Macao (China);Đặc khu Hành chính Macao, Trung Quốc;마카오(중국 특별행정구);中華人民共和国マカオ特別行政区
MP|MNP|Northern Mariana Islands|Nördliche Marianen;Îles Mariannes du Nord;Islas Marianas del Norte;Quần đảo Bắc Mariana;북마리아나제도;北マリアナ諸島
MQ|MTQ|Martinique|Martinica;마르티니크;マルティニーク
MR|MRT|Mauritania|Mauretanien;Mauritanie;모리타니;モーリタニア
MS|MSR|Montserrat|몬트세라트;モントセラト
MT|MLT|Malta|Malte;몰타;マルタ
MU|MUS|Mauritius|Maurice;Mauricio;모리셔스;モーリシャス
MV|MDV|Maldives|The Maldives;Malediven;Maldivas;몰디브;モルディブ
MW|MWI|Malawi|Malaui;말라위;マラウイ
MX|MEX|Mexico|Mexiko;Mexique;멕시코;メキシコ
MY|MYS|Malaysia|Malaisie;Malasia;말레이시아;マレーシア
MZ|MOZ|Mozambique|Mosambik;모잠비크;モザンビーク
NA|NAM|Namibia|Namibie;나미비아;ナミビア
NC|NCL|New Caledonia|Neukaledonien;Nouvelle-Calédonie;Nueva Caledonia;뉴칼레도니아;ニューカレドニア
NE|NER|Niger|니제르;ニジェール
NF|NFK|Norfolk Island|Norfolkinsel;Île Norfolk;Isla Norfolk;Đảo Norfolk;노퍽섬;ノーフォーク島
NG|NGA|Nigeria|나이지리아;ナイジェリア
NI|NIC|Nicaragua|니카라과;ニカラグア
NL|NLD|Netherlands|Holland;The Netherlands;Niederlande;Pays-Bas;Países Bajos;Hà Lan;네덜란드;オランダ;Nederland
NO|NOR|Norway|Norwegen;Norvège;Noruega;Na Uy;노르웨이;ノルウェー;Norge
NP|NPL|Nepal|네팔;ネパール;नेपाल
NR|NRU|Nauru|나우루;ナウル
NU|NIU|Niue|니우에;ニウエ
NZ|NZL|New Zealand|Aotearoa;Neuseeland;Nouvelle-Zélande;Nueva Zelanda;뉴질랜드;ニュージーランド
OM|OMN|Oman|오만;オマーン
PA|PAN|Panama|파나마;パナマ
PE|PER|Peru|Pérou;페루;ペルー
PF|PYF|French Polynesia|Französisch-Polynesien;Polynésie française;Polinesia Francesa;Polynesia thuộc Pháp;프랑스령 폴리네시아;仏領ポリネシア
PG|PNG|Papua New Guinea|Papua-Neuguinea;Papouasie-Nouvelle-Guinée;Papúa Nueva Guinea;파푸아뉴기니;パプアニューギニア
PH|PHL|Philippines|The Philippines;Philippinen;Filipinas;필리핀;フィリピン;Pilipinas
PK|PAK|Pakistan|파키스탄;パキスタン;پاکستان
PL|POL|Poland|Polen;Pologne;Polonia;Ba Lan;폴란드;ポーランド;Polska
PM|SPM|Saint Pierre and Miquelon|St. Pierre & Miquelon;St. Pierre und Miquelon;Saint-Pierre-et-Miquelon;San Pedro y Miquelón;Saint Pierre và Miquelon;생피에르 미클롱;サンピエール島・ミクロン島
PN|PCN|Pitcairn Islands|Pitcairn;Pitcairninseln;Îles Pitcairn;Islas Pitcairn;Quần đảo Pitcairn;핏케언 제도;ピトケアン諸島
PR|PRI|Puerto Rico|Porto Rico;푸에르토리코;プエルトリコ
PS|PSE|Palestine|State of Palestine;Palestinian Territories;Palestine, State of;Palästinensische Autonomiegebiete;Territoires palestiniens;Territorios Palestinos;Lãnh thổ Palestine;팔레스타인 지구;パレスチナ自治区
PT|PRT|Portugal|Bồ Đào Nha;포르투갈;ポルトガル
PW|PLW|Palau|Palaos;팔라우;パラオ
PY|PRY|Paraguay|파라과이;パラグアイ
QA|QAT|Qatar|Katar;Catar;카타르;カタール
RE|REU|Réunion|La Réunion;레위니옹;レユニオン
RO|ROU|Romania|Rumänien;Roumanie;Rumanía;루마니아;ルーマニア
RS|SRB|Serbia|Serbien;Serbie;세르비아;セルビア;Србија
RU|RUS|Russia|Russian Federation;Russland;Russie;Rusia;Nga;러시아;ロシア;Россия
RW|RWA|Rwanda|Ruanda;르완다;ルワンダ
SA|SAU|Saudi Arabia|KSA;Kingdom of Saudi Arabia;Saudi-Arabien;Arabie saoudite;Arabia Saudí;Ả Rập Xê-út;사우디아라비아;サウジアラビア;المملكة العربية السعودية
SB|SLB|Solomon Islands|Salomonen;Îles Salomon;Islas Salomón;Quần đảo Solomon;솔로몬 제도;ソロモン諸島
SC|SYC|Seychelles|Seychellen;세이셸;セーシェル
SD|SDN|Sudan|Soudan;수단;スーダン
SE|SWE|Sweden|Schweden;Suède;Suecia;Thụy Điển;스웨덴;スウェーデン;Sverige
SG|SGP|Singapore|Singapur;Singapour;싱가포르;シンガポール
SH|SHN|Saint Helena|St. Helena;Sainte-Hélène;Santa Elena;세인트헬레나;セントヘレナ
SI|SVN|Slovenia|Slowenien;Slovénie;Eslovenia;슬로베니아;スロベニア;Slovenija
SJ|SJM|Svalbard and Jan Mayen|Svalbard & Jan Mayen;Spitzbergen und Jan Mayen;Svalbard et Jan Mayen;Svalbard y Jan Mayen;Svalbard và Jan Mayen;스발바르제도-얀마웬섬;スバールバル諸島・ヤンマイエン島
SK|SVK|Slovakia|Slowakei;Slovaquie;Eslovaquia;슬로바키아;スロバキア;Slovensko
SL|SLE|Sierra Leone|Sierra Leona;시에라리온;シエラレオネ
SM|SMR|San Marino|Saint-Marin;산마리노;サンマリノ
SN|SEN|Senegal|세네갈;セネガル
SO|SOM|Somalia|Somalie;소말리아;ソマリア
SR|SUR|Suriname|Surinam;수리남;スリナム
SS|SSD|South Sudan|S. Sudan;Südsudan;Soudan du Sud;Sudán del Sur;Nam Sudan;남수단;南スーダン
ST|STP|São Tomé and Príncipe|São Tomé & Príncipe;São Tomé und Príncipe;Sao Tomé-et-Principe;Santo Tomé y Príncipe;São Tomé và Príncipe;상투메 프린시페;サントメ・プリンシペ
SV|SLV|El Salvador|Salvador;엘살바도르;エルサルバドル
SX|SXM|Sint Maarten|Saint-Martin (partie néerlandaise);신트마르턴;シント・マールテン
SY|SYR|Syria|Syrian Arab Republic;Syrien;Syrie;Siria;시리아;シリア
SZ|SWZ|Eswatini|Swaziland;Esuatini;에스와티니;エスワティニ
TC|TCA|Turks and Caicos Islands|Turks & Caicos Islands;Turks- und Caicosinseln;Îles Turques-et-Caïques;Islas Turcas y Caicos;Quần đảo Turks và Caicos;터크스 케이커스 제도;タークス・カイコス諸島
TD|TCD|Chad|Tschad;Tchad;차드;チャド
TF|ATF|French Southern Territories|Französische Süd- und Antarktisgebiete;Terres australes françaises;Territorios Australes Franceses;Lãnh thổ phía Nam Thuộc Pháp;프랑스령 남방 지역;仏領極南諸島
TG|TGO|Togo|토고;トーゴ
TH|THA|Thailand|Siam;Thaïlande;Tailandia;Thái Lan;태국;タイ;ไทย
TJ|TJK|Tajikistan|Tadschikistan;Tadjikistan;Tayikistán;타지키스탄;タジキスタン
TK|TKL|Tokelau|토켈라우;トケラウ
TL|TLS|East Timor|Timor-Leste;Timor oriental;동티모르;東ティモール
TM|TKM|Turkmenistan|투르크메니스탄;トルクメニスタン
TN|TUN|Tunisia|Tunesien;Tunisie;Túnez;튀니지;チュニジア
TO|TON|Tonga|통가;トンガ
TR|TUR|Turkey|Türkiye;Türkei;Turquie;Turquía;Thổ Nhĩ Kỳ;튀르키예;トルコ
TT|TTO|Trinidad and Tobago|Trinidad & Tobago;Trinidad und Tobago;Trinité-et-Tobago;Trinidad y Tobago;Trinidad và Tobago;트리니다드 토바고;トリニダード・トバゴ
TV|TUV|Tuvalu|투발루;ツバル
TW|TWN|Taiwan|Taiwan, Province of China;Republic of China;ROC;Đài Loan;대만;台湾;台灣
TZ|TZA|Tanzania|Tanzania, United Republic of;United Republic of Tanzania;Tansania;Tanzanie;탄자니아;タンザニア
UA|UKR|Ukraine|Ucrania;Ukraina;우크라이나;ウクライナ;Україна
UG|UGA|Uganda|Ouganda;우간다;ウガンダ
UM|UMI|U.S. Outlying Islands|Amerikanische Überseeinseln;Îles mineures éloignées des États-Unis;Islas menores alejadas de EE. UU.;Các tiểu đảo xa của Hoa Kỳ;미국령 해외 제도;合衆国領有小離島
US|USA|United States|Mỹ;USA;U.S.;United States of America;America;the States;米国;아메리카;Vereinigte Staaten;États-Unis;Estados Unidos;Hoa Kỳ;미국;アメリカ合衆国
UY|URY|Uruguay|우루과이;ウルグアイ
UZ|UZB|Uzbekistan|Usbekistan;Ouzbékistan;우즈베키스탄;ウズベキスタン
VA|VAT|Vatican City|Holy See;Vatican;Holy See (Vatican City State);Vatikanstadt;État de la Cité du Vatican;Ciudad del Vaticano;Thành Vatican;바티칸 시국;バチカン市国
VC|VCT|Saint Vincent and the Grenadines|St. Vincent & Grenadines;St. Vincent und die Grenadinen;Saint-Vincent-et-les Grenadines;San Vicente y las Granadinas;St. Vincent và Grenadines;세인트빈센트그레나딘;セントビンセント及びグレナディーン諸島
VE|VEN|Venezuela|Venezuela, Bolivarian Republic of;Bolivarian Republic of Venezuela;베네수엘라;ベネズエラ
VG|VGB|British Virgin Islands|Virgin Islands, British;Britische Jungferninseln;Îles Vierges britanniques;Islas Vírgenes Británicas;Quần đảo Virgin thuộc Anh;영국령 버진아일랜드;英領ヴァージン諸島
VI|VIR|U.S. Virgin Islands|Virgin Islands, U.S.;United States Virgin Islands;Amerikanische Jungferninseln;Îles Vierges des États-Unis;Islas Vírgenes de EE. UU.;Quần đảo Virgin thuộc Hoa Kỳ;미국령 버진아일랜드;米領ヴァージン諸島
VN|VNM|Vietnam|Socialist Republic of Vietnam;월남;베트남;ベトナム
VU|VUT|Vanuatu|바누아투;バヌアツ
WF|WLF|Wallis and Futuna|Wallis & Futuna;Wallis und Futuna;Wallis-et-Futuna;Wallis y Futuna;Wallis và Futuna;왈리스-푸투나 제도;ウォリス・フツナ
WS|WSM|Samoa|사모아;サモア
XK|XKK|Kosovo|코소보;コソボ
YE|YEM|Yemen|Jemen;예멘;イエメン
YT|MYT|Mayotte|마요트;マヨット
ZA|ZAF|South Africa|RSA;Republic of South Africa;Südafrika;Afrique du Sud;Sudáfrica;Nam Phi;남아프리카;南アフリカ
ZM|ZMB|Zambia|Sambia;Zambie;잠비아;ザンビア
ZW|ZWE|Zimbabwe|Simbabwe;Zimbabue;짐바브웨;ジンバブエ
`;
