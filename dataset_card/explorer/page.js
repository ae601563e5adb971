"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const page = document.documentElement;
const filters = document.getElementById("filters");
const list = document.getElementById("list");
const main = document.getElementById("dialogue");
const aside = document.getElementById("profile");
const start = document.getElementById("start");
const dialogues = new Map(data.dialogues.map((dialogue) => [dialogue.id, dialogue]));
const items = new Map();
const accepted = new Set();
let open = null;

// Every text goes into the page as text, never as markup.
function make(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

function slug(label) {
  return label.toLowerCase().replaceAll(" ", "-");
}

function chip(label, className = "", text = label) {
  const node = make("span", ("chip " + className).trim(), text);
  node.style.setProperty("--label", "var(--" + slug(label) + ")");
  return node;
}

function plain(text) {
  return text.normalize("NFC").toLowerCase();
}

function marked(text, needle) {
  const low = plain(text);
  if (!needle || low.length !== text.length) return [text];
  const parts = [];
  let from = 0;
  for (let at = low.indexOf(needle); at >= 0; at = low.indexOf(needle, from)) {
    parts.push(text.slice(from, at), make("mark", "", text.slice(at, at + needle.length)));
    from = at + needle.length;
  }
  return [...parts, text.slice(from)];
}

function wanted() {
  const form = new FormData(filters);
  return { ...Object.fromEntries(form), text: plain(form.get("text").trim()), differs: form.has("differs") };
}

function isHit(turn, { text, label, differs }) {
  if (label && turn.label !== label) return false;
  if (differs && (!turn.planned_label || turn.planned_label === turn.label)) return false;
  if (!text) return true;
  turn.plain ??= plain(turn.utterance_ko + "\n" + turn.utterance_en);
  return turn.plain.includes(text);
}

function isMarked(turn, wish) {
  return Boolean(wish.text || wish.label || wish.differs) && isHit(turn, wish);
}

function matches(dialogue, wish) {
  const columns = ["category_en", "stage_of_change", "split", "risk"];
  return columns.every((column) => !wish[column] || dialogue[column] === wish[column])
    && dialogue.dialogue.some((turn) => isHit(turn, wish));
}

function shownIds() {
  return [...items].filter(([, item]) => !item.hidden).map(([id]) => id);
}

function applyFilters() {
  const wish = wanted();
  page.dataset.language = wish.language;
  let count = 0;
  for (const [id, item] of items) {
    item.hidden = !matches(dialogues.get(id), wish);
    count += !item.hidden;
  }
  document.getElementById("count").textContent = count + " of " + items.size + " dialogues";
  show(false);
}

function listItem(dialogue) {
  const link = make("a", "", make("strong", "", String(dialogue.id)), " ");
  const title = make("span", "", dialogue.profile.target_behavior);
  title.lang = "ko";
  const meta = [dialogue.category_en, dialogue.stage_of_change, dialogue.split, dialogue.dialogue.length + " turns"];
  link.append(title, make("span", "meta", meta.join(" · ")));
  if (dialogue.risk !== "none") link.append(make("span", "risk", "risk: " + data.risks[dialogue.risk].name));
  link.href = "#" + dialogue.id;
  return make("li", "", link);
}

function turnView(turn, index, id, wish) {
  const role = turn.role.toLowerCase();
  const node = make("li", "turn " + role);
  node.style.setProperty("--label", "var(--" + slug(turn.label) + ")");
  node.id = id + "." + index;
  node.classList.toggle("hit", isMarked(turn, wish));
  const who = make("div", "who", turn.role, chip(turn.label));
  if (turn.sublabel) who.append(make("span", "", turn.sublabel));
  for (const [name, label] of [["planned", turn.planned_label], ["written", turn.written_label], ["coded", turn.coded_label]]) {
    if (label && label !== turn.label) who.append(make("span", "", name + " ≠"), chip(label, "other"));
  }
  const link = make("a", "", String(index));
  link.href = "#" + node.id;
  link.setAttribute("aria-label", "Link to turn " + index);
  who.append(link);
  const korean = make("p", "ko", ...marked(turn.utterance_ko, wish.text));
  const english = make("p", "en", ...marked(turn.utterance_en, wish.text));
  korean.lang = "ko";
  node.append(who, korean, english);
  return node;
}

function strip(dialogue, wish) {
  const node = make("div", "strip");
  node.setAttribute("aria-hidden", "true"); // the turns below say the same
  dialogue.dialogue.forEach((turn, index) => {
    const cell = make("a", turn.role.toLowerCase(), data.labels[turn.label].code);
    cell.style.setProperty("--label", "var(--" + slug(turn.label) + ")");
    cell.href = "#" + dialogue.id + "." + index;
    cell.title = index + ": " + turn.label;
    cell.tabIndex = -1;
    cell.classList.toggle("hit", isMarked(turn, wish));
    node.append(cell);
  });
  return node;
}

function agreement(dialogue, column) {
  const both = dialogue.dialogue.filter((turn) => turn[column]);
  return both.filter((turn) => turn[column] === turn.label).length + " of " + both.length;
}

function head(dialogue) {
  const title = make("h2", "", "Dialogue " + dialogue.id);
  const ids = shownIds();
  const at = ids.indexOf(dialogue.id);
  const step = (arrow, text, id) => {
    const button = make("button", "", arrow);
    button.type = "button";
    button.title = text;
    button.setAttribute("aria-label", text);
    button.disabled = id === undefined;
    button.addEventListener("click", () => { location.hash = id; });
    return button;
  };
  const all = make("a", "all", "All dialogues");
  all.href = "#";
  const node = make("div", "head", title, all, step("←", "Previous dialogue", ids[at - 1]),
    step("→", "Next dialogue", ids[at + 1]));
  const about = [dialogue.category_ko + " " + dialogue.category_en, dialogue.stage_of_change, dialogue.split,
    "risk: " + data.risks[dialogue.risk].name];
  return [node, make("p", "about", about.join(" · "))];
}

function profileView(dialogue) {
  const facts = make("dl", "");
  for (const [field, value] of Object.entries(dialogue.profile)) {
    if (value === null || value.length === 0) continue;
    const shown = make("dd", "", Array.isArray(value) ? make("ul", "", ...value.map((one) => make("li", "", one))) : String(value));
    shown.lang = "ko";
    facts.append(make("dt", "", field.replaceAll("_", " ")), shown);
  }
  const origin = make("dl", "");
  for (const [field, value] of Object.entries(dialogue.provenance)) {
    origin.append(make("dt", "", field.replaceAll("_", " ")), make("dd", "", make("code", "", [value].flat().join(" "))));
  }
  return [make("h3", "", "Profile"), facts, make("h3", "", "Provenance"), origin];
}

function noteView(dialogue) {
  const button = make("button", "", "Show the dialogue");
  button.type = "button";
  button.addEventListener("click", () => { accepted.add(dialogue.id); show(true); goToTurn(); });
  return make("section", "note", make("h3", "", "Content note"),
    make("p", "", "This synthetic dialogue " + data.risks[dialogue.risk].note + "."), make("p", "", data.help), button);
}

function show(isNew) {
  if (open === null) {
    main.replaceChildren(start);
    aside.replaceChildren();
    return;
  }
  const dialogue = dialogues.get(open);
  if (dialogue.risk !== "none" && !accepted.has(open)) {
    main.replaceChildren(...head(dialogue), noteView(dialogue));
    aside.replaceChildren();
  } else {
    const wish = wanted();
    const kept = "Label as planned in " + agreement(dialogue, "planned_label") + " turns, as coded blind in "
      + agreement(dialogue, "coded_label") + ".";
    const turns = make("ol", "turns", ...dialogue.dialogue.map((turn, index) => turnView(turn, index, open, wish)));
    main.replaceChildren(...head(dialogue), make("p", "about", kept), strip(dialogue, wish), turns);
    aside.replaceChildren(...profileView(dialogue));
  }
  if (isNew) main.focus({ preventScroll: true });
}

function readAddress() {
  const [, id, index] = /^#(\d+)(?:\.(\d+))?$/.exec(location.hash) ?? [];
  return [dialogues.has(Number(id)) ? Number(id) : null, index];
}

function goToTurn() {
  const [id, index] = readAddress();
  if (index) document.getElementById(id + "." + index)?.scrollIntoView({ block: "start" });
}

function route() {
  const before = open;
  [open] = readAddress();
  page.dataset.view = open === null ? "list" : "dialogue";
  document.title = (open === null ? "" : "Dialogue " + open + " · ") + "KMI " + data.version;
  items.get(before)?.firstChild.removeAttribute("aria-current");
  items.get(open)?.firstChild.setAttribute("aria-current", "page");
  if (open !== before) {
    show(open !== null);
    main.scrollTop = 0;
    window.scrollTo(0, 0);
    items.get(open ?? before)?.scrollIntoView({ block: "nearest" });
  }
  goToTurn();
}

function option(select, value, text) {
  const node = make("option", "", text);
  node.value = value;
  select.append(node);
}

function setUp() {
  for (const [name, values] of Object.entries(data.filters)) {
    const select = filters.elements[name];
    option(select, "", "all");
    for (const [value, text] of values) option(select, value, text);
  }
  const legend = document.getElementById("legend");
  for (const [label, { code, name_ko, definition }] of Object.entries(data.labels)) {
    legend.append(make("dt", "", chip(label, "", code + " " + label)), make("dd", "", name_ko + ". " + definition));
  }
  for (const dialogue of data.dialogues) {
    items.set(dialogue.id, listItem(dialogue));
  }
  list.append(...items.values());
  let timer;
  filters.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(applyFilters, 120); });
  filters.addEventListener("reset", () => setTimeout(applyFilters));
  filters.addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("skip").addEventListener("click", () => main.focus());
  window.addEventListener("hashchange", route);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, select")) return;
    const ids = shownIds();
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === "/") {
      event.preventDefault();
      filters.elements.text.focus();
    } else if (step && open !== null && ids[ids.indexOf(open) + step] !== undefined) {
      location.hash = ids[ids.indexOf(open) + step];
    }
  });
  applyFilters();
  route();
}

setUp();
page.dataset.height = document.body.offsetHeight; // waits for the layout
page.dataset.readyMs = Math.round(performance.now()); // read by the benchmark
