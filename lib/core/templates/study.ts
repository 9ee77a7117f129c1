import type { Template } from "@/lib/core/templates/types";

const SET_SYNONYMS = [
  ...["Set", "Study set", "Deck", "Deck name", "Set name", "Set id", "Module", "Lesson"],
  ...["Stapel", "Lernset", "Kartenstapel", "Paquet", "Ensemble", "Mazo", "Conjunto"],
  ...["Bộ thẻ", "Bộ học", "학습 세트", "세트", "덱", "セット", "デッキ", "学習セット"],
];

const TAG_SYNONYMS = [
  ...["Tag", "Labels", "Label", "Categories", "Category", "Keywords", "Schlagwörter", "Étiquettes"],
  ...["Mots clés", "Etiquetas", "Thẻ", "Nhãn", "태그", "タグ", "标签"],
];

export const STUDY_SETS: Template = {
  id: "study-sets",
  name: "Study sets",
  description: "Decks of cards: what they are about and in which languages.",
  fields: [
    { name: "title", label: "Title", type: "text", required: true },
    { name: "description", label: "Description", type: "text", required: false },
    { name: "frontLanguage", label: "Front Language", type: "text", required: false },
    { name: "backLanguage", label: "Back Language", type: "text", required: false },
    { name: "tags", label: "Tags", type: "text", required: false },
    { name: "createdAt", label: "Created At", type: "datetime", required: false },
  ],
  keyFields: ["title"],
  synonyms: {
    title: [
      ...["Name", "Set", "Set name", "Set title", "Deck", "Deck name", "Study set", "Topic", "Subject"],
      ...["Titel", "Bezeichnung", "Thema", "Titre", "Nom", "Título", "Nombre", "Tiêu đề", "Tên", "Tên bộ"],
      ...["제목", "이름", "세트 이름", "タイトル", "名前", "セット名", "标题"],
    ],
    description: [
      ...["Summary", "About", "Details", "Beschreibung", "Descripción", "Mô tả", "설명", "説明", "描述"],
    ],
    frontLanguage: [
      ...["Language", "Term language", "Source language", "Language front", "Front lang", "From language"],
      ...["Sprache", "Ausgangssprache", "Langue", "Langue source", "Idioma", "Idioma de origen"],
      ...["Ngôn ngữ", "언어", "앞면 언어", "言語", "表の言語"],
    ],
    backLanguage: [
      ...["Definition language", "Target language", "Language back", "Back lang", "To language"],
      ...["Zielsprache", "Langue cible", "Idioma de destino", "Ngôn ngữ đích", "뒷면 언어", "裏の言語"],
    ],
    tags: TAG_SYNONYMS,
    createdAt: [
      ...["Created", "Date created", "Creation date", "Created on", "Erstellt", "Erstellt am", "Créé le"],
      ...["Date de création", "Creado", "Fecha de creación", "Ngày tạo", "생성일", "만든 날짜", "作成日"],
    ],
  },
  computedColumns: ["Card count", "Cards", "Number of cards", "Terms", "Anzahl Karten", "Số thẻ"],
  sampleFile: "/samples/study-sets.csv",
};

export const CARDS: Template = {
  id: "cards",
  name: "Cards",
  description: "Flash cards with a front, a back, tags and media; each can belong to a study set.",
  fields: [
    { name: "front", label: "Front", type: "text", required: true },
    { name: "back", label: "Back", type: "text", required: true },
    { name: "set", label: "Set", type: "reference", required: false, references: "study-sets" },
    { name: "tags", label: "Tags", type: "text", required: false },
    { name: "media", label: "Media", type: "media", required: false },
  ],
  keyFields: ["front", "set"],
  synonyms: {
    front: [
      ...["Term", "Question", "Word", "Prompt", "Expression", "Phrase", "Vocabulary", "Vocab", "Side 1"],
      ...["Vorderseite", "Frage", "Wort", "Begriff", "Vokabel", "Recto", "Mot", "Terme", "Anverso"],
      ...["Pregunta", "Palabra", "Término", "Mặt trước", "Từ", "Từ vựng", "Câu hỏi", "앞면", "단어", "질문"],
      ...["表", "表面", "単語", "問題", "用語", "单词"],
    ],
    back: [
      ...["Definition", "Answer", "Meaning", "Translation", "Side 2", "Response", "Rückseite", "Antwort"],
      ...["Bedeutung", "Übersetzung", "Definition back", "Verso", "Réponse", "Signification", "Traduction"],
      ...["Reverso", "Respuesta", "Significado", "Definición", "Traducción", "Mặt sau", "Nghĩa", "Đáp án"],
      ...["뒷면", "뜻", "답", "정답", "의미", "裏", "裏面", "意味", "答え", "释义"],
    ],
    set: SET_SYNONYMS,
    tags: TAG_SYNONYMS,
    media: [
      ...["Image", "Picture", "Audio", "Sound", "File", "Attachment", "Media file", "Bild", "Ton", "Medien"],
      ...[
        "Image file",
        "Média",
        "Imagen",
        "Hình ảnh",
        "Âm thanh",
        "이미지",
        "미디어",
        "画像",
        "音声",
        "メディア",
      ],
    ],
  },
  computedColumns: [],
  sampleFile: "/samples/cards.csv",
};

export const STUDY_CYCLES: Template = {
  id: "study-cycles",
  name: "Study cycles",
  description: "Rounds of study through a set: when they began and ended, and how they went.",
  fields: [
    { name: "set", label: "Set", type: "reference", required: true, references: "study-sets" },
    { name: "cycleNumber", label: "Cycle Number", type: "integer", required: true },
    { name: "startedAt", label: "Started At", type: "datetime", required: true },
    { name: "finishedAt", label: "Finished At", type: "datetime", required: false, semantic: "openEnd" },
    { name: "cardsStudied", label: "Cards Studied", type: "integer", required: false },
    { name: "score", label: "Score", type: "decimal", required: false },
    { name: "notes", label: "Notes", type: "text", required: false, personal: true },
  ],
  keyFields: ["set", "cycleNumber"],
  synonyms: {
    set: SET_SYNONYMS,
    cycleNumber: [
      ...["Cycle", "Round", "Round number", "Session", "Session number", "Cycle no", "Number", "Attempt"],
      ...["Zyklus", "Durchgang", "Runde", "Numéro de cycle", "Ciclo", "Número de ciclo", "Chu kỳ", "Vòng"],
      ...["회차", "주기", "사이클", "サイクル", "回", "周期"],
    ],
    startedAt: [
      ...["Started", "Start", "Start time", "Start date", "Began", "From", "Begonnen", "Beginn", "Gestartet"],
      ...[
        "Début",
        "Commencé le",
        "Inicio",
        "Empezado",
        "Bắt đầu",
        "시작",
        "시작일",
        "시작 시간",
        "開始",
        "開始日時",
      ],
    ],
    finishedAt: [
      ...["Finished", "Finish", "End", "End time", "End date", "Completed", "Completed at", "Ended", "To"],
      ...["Beendet", "Ende", "Abgeschlossen", "Fin", "Terminé le", "Terminado", "Kết thúc", "Hoàn thành"],
      ...["종료", "종료일", "완료", "終了", "終了日時", "完了"],
    ],
    cardsStudied: [
      ...["Cards", "Reviewed", "Cards reviewed", "Studied", "Count", "Reviews", "Karten", "Gelernte Karten"],
      ...["Cartes", "Cartes étudiées", "Tarjetas", "Số thẻ", "학습한 카드", "카드 수", "学習枚数", "枚数"],
    ],
    score: [
      ...["Result", "Points", "Grade", "Accuracy", "Percent", "Percentage", "Score %", "Ergebnis", "Punkte"],
      ...[
        "Résultat",
        "Note obtenue",
        "Puntuación",
        "Resultado",
        "Điểm",
        "Điểm số",
        "점수",
        "정답률",
        "点数",
        "スコア",
      ],
    ],
    notes: [
      "Note",
      "Comment",
      "Comments",
      "Remarks",
      "Notizen",
      "Remarques",
      "Notas",
      "Ghi chú",
      "메모",
      "メモ",
    ],
  },
  computedColumns: ["Duration", "Dauer", "Durée", "Duración", "Thời gian", "소요 시간", "所要時間"],
  sampleFile: "/samples/study-cycles.csv",
};
