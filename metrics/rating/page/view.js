// Draws screens. Every text goes in as text, never as markup.

function text(key, values = {}) {
  const pattern = DATA.interface[key][place.language];
  return pattern.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

const inLanguage = (texts) => texts[place.language];

function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (typeof value === "boolean") element.toggleAttribute(name, value);
    else element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null));
  return element;
}

const button = (label, onclick, properties = {}) => make("button", { type: "button", onclick, ...properties }, label);

function drawTop() {
  const left = nAllLeft();
  const total = nQuestions();
  const status = isStorageWorking ? "saved" : "not_saved";
  document.getElementById("top").replaceChildren(
    make("div", { class: "bar" },
      make("strong", {}, text("title")),
      make("progress", { max: total, value: total - left, "aria-label": text("progress") }),
      button(left ? text("what_is_left", { n: left }) : text("nothing_left"), () => go(TASKS.length + 1), { id: "left" }),
      button(text("switch_language"), switchLanguage, { id: "language" })),
    make("p", { class: status, id: "storage", role: isStorageWorking ? "status" : "alert" }, text(status)));
}

function drawSteps() {
  const last = TASKS.length + 1;
  const task = TASKS[place.screen - 1];
  const left = task ? nLeft(task) : 0;
  document.getElementById("steps").replaceChildren(
    button(text("previous"), () => go(place.screen - 1), { id: "previous", disabled: place.screen === 0 }),
    make("span", { id: "task-left" }, task ? (left ? text("n_left", { n: left }) : text("done")) : ""),
    button(text(place.screen === 0 ? "start" : "next"), () => go(place.screen + 1), {
      id: "next", class: "main", disabled: place.screen === last,
    }));
}

function drawStart() {
  const pairs = DATA.pairs.length;
  return [
    make("h1", {}, text("title")),
    make("p", {}, text("intro", { dialogues: DATA.dialogues.length }), pairs ? " " + text("intro_pairs", { pairs }) : ""),
    make("p", {}, text("intro_pause")),
    make("p", {}, text("intro_keys")),
    make("label", { class: "field" }, text("rater"),
      make("input", {
        id: "rater", type: "text", autocomplete: "off", maxlength: "60", value: answers.rater, readonly: DATA.rater !== "",
        oninput: (event) => keep(() => (answers.rater = event.target.value.trim())),
      })),
  ];
}

function drawDialogueTask(task) {
  const dialogue = DIALOGUES.get(task.id);
  const number = DATA.order.indexOf(task.id) + 1;
  const checks = checksOf(dialogue);
  return [
    drawHeading(text("dialogue_of", { i: number, n: DATA.order.length }), dialogue),
    make("div", { class: "columns" },
      drawDialogue(dialogue, text("dialogue")),
      make("section", {},
        make("h2", {}, text("rate_dialogue")),
        itemsOf(dialogue).map((item) => drawItem(dialogue, item)),
        checks.length ? [make("h2", {}, text("label_utterances")), make("p", {}, text("label_hint"))] : [],
        checks.map((check) => drawCheck(dialogue, check)),
        drawComment(task.id))),
  ];
}

function drawPairTask(task) {
  const pair = PAIRS.get(task.id);
  const [first, second] = pair.dialogues.map((id) => DIALOGUES.get(id));
  const choices = [
    { value: first.id, key: "1", title: text("prefer_first") },
    { value: TIE, key: "2", title: text("prefer_tie") },
    { value: second.id, key: "3", title: text("prefer_second") },
  ];
  const answer = (value) => (answers.preferences[task.id] = value);
  return [
    drawHeading(text("pair_of", { i: DATA.pairs.indexOf(pair) + 1, n: DATA.pairs.length }), first),
    make("div", { class: "columns pair" }, drawDialogue(first, "A"), drawDialogue(second, "B")),
    drawQuestion(task.id, text("preference"), choices, answers.preferences[task.id], answer, "choices three"),
    drawComment(task.id),
  ];
}

function drawHeading(title, dialogue) {
  const topic = inLanguage(dialogue.category);
  return make("div", { class: "heading" },
    make("h1", {}, title),
    topic ? make("span", { class: "muted" }, text("topic", { topic })) : null);
}

function drawDialogue(dialogue, title) {
  const frame = (...children) => make("section", { class: "dialogue", tabindex: "0", "data-dialogue": dialogue.id, "aria-label": title },
    make("h2", {}, title), ...children);
  if (dialogue.notes.length && !place.opened.includes(dialogue.id)) {
    const kinds = dialogue.notes.map((kind) => text(kind)).join(", ");
    const open = () => {
      place.opened.push(dialogue.id);
      save();
      draw();
    };
    return frame(make("div", { class: "note", role: "note" },
      make("p", {}, make("strong", {}, text("note", { kinds }))),
      make("p", {}, text("note_help")),
      button(text("note_open"), open, { class: "open-note" })));
  }
  return frame(make("ol", { class: "utterances", lang: dialogue.language },
    dialogue.utterances.map((utterance, i) => drawUtterance(utterance, i + 1))));
}

function drawUtterance(utterance, number, isMarked = false) {
  return make("li", { class: `${utterance.role} ${isMarked ? "marked" : ""}`, value: number },
    make("span", { class: "who" }, `${number} ${text(utterance.role)}`),
    make("span", { class: "said" }, utterance.text));
}

function drawQuestion(id, title, choices, chosen, answer, className, ...before) {
  const radios = choices.map((choice) => make("label", {},
    make("input", {
      type: "radio", name: id, value: choice.value, checked: String(chosen) === String(choice.value), "data-key": choice.key,
      onchange: () => keep(() => answer(choice.value)),
    }),
    make("span", { class: "choice" }, make("span", { class: "key" }, choice.key), " ", choice.title,
      choice.definition ? make("small", {}, choice.definition) : "")));
  return make("fieldset", { class: "question", "data-question": id },
    make("legend", {}, title), ...before, make("div", { class: className }, radios));
}

function drawItem(dialogue, item) {
  const choices = DATA.levels.map((level) => ({ value: level, key: String(level), title: "" }));
  const answer = (value) => (answers.ratings[dialogue.id] = { ...answers.ratings[dialogue.id], [item.name]: value });
  const anchors = [["1", item.low], ["3", item.middle], ["5", item.high]];
  return drawQuestion(`${dialogue.id}/${item.name}`, inLanguage(item.title), choices,
    answers.ratings[dialogue.id]?.[item.name], answer, "scale",
    make("p", {}, inLanguage(item.question)),
    make("ul", { class: "anchors" }, anchors.map(([level, anchor]) => make("li", {}, make("b", {}, level), make("span", {}, inLanguage(anchor))))));
}

function drawCheck(dialogue, check) {
  const number = Number(check.split(".")[1]);
  const first = Math.max(0, number - 3);
  const isHidden = dialogue.notes.length && !place.opened.includes(dialogue.id);
  const context = isHidden ? [] : dialogue.utterances.slice(first, number)
    .map((utterance, i) => drawUtterance(utterance, first + i + 1, first + i + 1 === number));
  const choices = labelsFor(check).map((label, i) => ({
    value: label.value, key: String(i + 1), title: inLanguage(label.title), definition: inLanguage(label.definition),
  }));
  choices.push({ value: CANNOT_TELL, key: "0", title: text("cannot_tell") });
  return drawQuestion(check, text("utterance_number", { n: number }), choices, answers.checks[check],
    (value) => (answers.checks[check] = value), "choices",
    make("ol", { class: "utterances", lang: dialogue.language }, context));
}

function drawComment(id) {
  const answer = (event) => keep(() => {
    answers.comments[id] = event.target.value;
    if (!event.target.value.trim()) delete answers.comments[id];
  });
  const area = make("textarea", { rows: "3", "data-comment": id, oninput: answer });
  area.value = answers.comments[id] ?? "";
  return make("label", { class: "field" }, text("comment"), area);
}

function drawOverview() {
  const left = nAllLeft();
  const rows = TASKS.map((task, i) => {
    const n = nLeft(task);
    const title = task.kind === "pair"
      ? text("pair_of", { i: i + 1 - DATA.order.length, n: DATA.pairs.length })
      : text("dialogue_of", { i: i + 1, n: DATA.order.length });
    return make("li", {}, button([make("span", {}, title), make("span", { class: n ? "open" : "done" }, n ? text("n_left", { n }) : text("done"))],
      () => go(i + 1), { "data-task": task.id }));
  });
  const file = make("input", { id: "import", type: "file", accept: ".json,application/json", onchange: importFile });
  const copy = make("textarea", { rows: "6", readonly: true, id: "export-text", onfocus: (event) => event.target.select() });
  copy.value = exportText();
  return [
    make("h1", {}, text("overview")),
    make("p", {}, left ? text("export_partial", { n: left }) : text("export_whole")),
    make("div", { class: "files" },
      button(text("export"), exportFile, { id: "export", class: "main" }),
      make("label", { class: "button" }, text("import"), file)),
    make("p", { id: "message", role: "status" }),
    make("ul", { class: "tasks" }, rows),
    make("details", {}, make("summary", {}, text("export_text")), copy),
  ];
}
