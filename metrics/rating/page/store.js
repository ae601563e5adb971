// What is asked, what was answered, and where answers are kept.

const DATA = JSON.parse(document.getElementById("data").textContent);
const STORAGE_KEY = `kmi-rating/${DATA.packet}/${DATA.rater}`;
const CANNOT_TELL = DATA.cannot_tell;
const TIE = DATA.tie;
const DIALOGUES = new Map(DATA.dialogues.map((dialogue) => [dialogue.id, dialogue]));
const PAIRS = new Map(DATA.pairs.map((pair) => [pair.id, pair]));
const TASKS = [
  ...DATA.order.map((id) => ({ kind: "dialogue", id })),
  ...DATA.pairs.map((pair) => ({ kind: "pair", id: pair.id })),
];

const emptyAnswers = () => ({ rater: DATA.rater, ratings: {}, checks: {}, preferences: {}, comments: {} });
let answers = emptyAnswers();
let place = {
  screen: 0, // 0 the start, then one a task, then the overview
  language: navigator.language.startsWith("ko") ? "ko" : "en",
  opened: [], // dialogues whose content note was accepted
};
let isStorageWorking = true;
let hasUnsavedAnswers = false;

const itemsOf = (dialogue) => DATA.items.filter((item) => !item.language || item.language === dialogue.language);
const checksOf = (dialogue) => DATA.checks.filter((check) => check.split(".")[0] === dialogue.id);
const checkedUtterance = (check) => {
  const [dialogue, number] = check.split(".");
  return DIALOGUES.get(dialogue).utterances[number - 1];
};
const labelsFor = (check) => DATA.labels[checkedUtterance(check).role];

function nLeft(task) {
  if (task.kind === "pair") return answers.preferences[task.id] ? 0 : 1;
  const dialogue = DIALOGUES.get(task.id);
  const rated = answers.ratings[task.id] ?? {};
  const items = itemsOf(dialogue).filter((item) => !rated[item.name]);
  return items.length + checksOf(dialogue).filter((check) => !answers.checks[check]).length;
}

function nQuestions() {
  const perDialogue = DATA.dialogues.map((dialogue) => itemsOf(dialogue).length);
  return perDialogue.reduce((sum, n) => sum + n, DATA.checks.length + DATA.pairs.length);
}

const nAllLeft = () => TASKS.reduce((sum, task) => sum + nLeft(task), 0);

// What an entry of the export may be; the reader of exports in Python allows the same.
function isAllowed(part, id, value) {
  if (part === "ratings") {
    const dialogue = DIALOGUES.get(id);
    const names = dialogue ? itemsOf(dialogue).map((item) => item.name) : [];
    return isObject(value) && Object.entries(value).every(([name, n]) => names.includes(name) && DATA.levels.includes(n));
  }
  if (part === "checks") {
    return DATA.checks.includes(id) && (value === CANNOT_TELL || labelsFor(id).some((label) => label.value === value));
  }
  if (part === "preferences") return PAIRS.has(id) && [...PAIRS.get(id).dialogues, TIE].includes(value);
  return typeof value === "string" && (DIALOGUES.has(id) || PAIRS.has(id));
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

function exportText() {
  return JSON.stringify({ format: DATA.format, packet: DATA.packet, ...answers }, null, 1) + "\n";
}

// Returns answers, or throws an error whose message is [key of the text, values for it].
function readExport(text) {
  const refuse = (key, values = {}) => {
    throw Object.assign(new Error(key), { key, values });
  };
  let content;
  try {
    content = JSON.parse(text);
  } catch {
    refuse("import_not_json");
  }
  if (!isObject(content) || content.format !== DATA.format) refuse("import_not_json");
  if (content.packet !== DATA.packet) refuse("import_other_packet");
  if (typeof content.rater !== "string") refuse("import_bad_value", { where: "rater" });
  if (DATA.rater && content.rater !== DATA.rater) refuse("import_other_rater", { rater: content.rater });
  const read = { ...emptyAnswers(), rater: content.rater };
  for (const part of ["ratings", "checks", "preferences", "comments"]) {
    const entries = content[part] ?? {};
    if (!isObject(entries)) refuse("import_bad_value", { where: part });
    for (const [id, value] of Object.entries(entries)) {
      if (!isAllowed(part, id, value)) refuse("import_bad_value", { where: `${part}.${id}` });
      read[part][id] = value;
    }
  }
  return read;
}

function load() {
  try {
    const saved = localStorage.getItem(STORAGE_KEY);
    localStorage.setItem(STORAGE_KEY, saved ?? JSON.stringify({ place, answers: exportText() }));
    if (saved === null) return;
    const kept = JSON.parse(saved);
    answers = readExport(kept.answers);
    place = { ...place, ...kept.place };
  } catch (error) {
    isStorageWorking = error.key !== undefined || error instanceof SyntaxError; // else the storage itself failed
  }
}

function save() {
  hasUnsavedAnswers = true;
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify({ place, answers: exportText() }));
    isStorageWorking = true;
    hasUnsavedAnswers = false;
  } catch {
    isStorageWorking = false;
  }
}
