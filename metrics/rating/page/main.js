// Moves between screens, takes keys, exports and imports.

function draw() {
  document.documentElement.lang = place.language;
  document.title = text("title");
  const task = TASKS[place.screen - 1];
  const drawTask = { dialogue: drawDialogueTask, pair: drawPairTask };
  const content = task ? drawTask[task.kind](task) : place.screen === 0 ? drawStart() : drawOverview();
  document.getElementById("main").replaceChildren(...content);
  drawTop();
  drawSteps();
}

function go(screen) {
  if (screen > 0 && !answers.rater) {
    const field = document.getElementById("rater");
    field.setCustomValidity(text("rater_missing"));
    field.reportValidity();
    field.setCustomValidity("");
    return;
  }
  place.screen = Math.min(Math.max(screen, 0), TASKS.length + 1);
  save();
  draw();
  window.scrollTo(0, 0);
  document.getElementById("main").focus({ preventScroll: true });
}

// Changes answers by `change`, saves, and redraws what counts them; the questions stay as they are.
function keep(change) {
  change();
  save();
  drawTop();
  drawSteps();
}

function switchLanguage() {
  place.language = place.language === "ko" ? "en" : "ko";
  save();
  draw();
  document.getElementById("language").focus();
}

function exportFile() {
  const name = answers.rater.replace(/[^\p{L}\p{N}_-]+/gu, "_");
  const url = URL.createObjectURL(new Blob([exportText()], { type: "application/json" }));
  make("a", { href: url, download: `rating-${DATA.packet.slice(0, 8)}-${name}.json` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
  hasUnsavedAnswers = false;
}

async function importFile(event) {
  const [file] = event.target.files;
  event.target.value = "";
  if (!file) return;
  let message = text("import_done");
  try {
    const read = readExport(await file.text());
    const hasAnswers = nAllLeft() < nQuestions() || Object.keys(answers.comments).length > 0;
    if (hasAnswers && !window.confirm(text("import_confirm"))) return;
    answers = read;
    save();
    draw();
  } catch (error) {
    message = error.key ? text(error.key, error.values) : String(error);
  }
  document.getElementById("message").textContent = message;
}

// A digit answers the question in focus, else the first open one, and goes to the next question.
function answerByKey(key) {
  const questions = [...document.querySelectorAll(".question")];
  const current = document.activeElement.closest(".question") ?? questions.find((question) => !question.querySelector(":checked"));
  const radio = current?.querySelector(`input[data-key="${key}"]`);
  if (!radio) return;
  radio.click();
  const next = questions[questions.indexOf(current) + 1];
  const target = next?.querySelector(":checked") ?? next?.querySelector("input") ?? document.querySelector("[data-comment]");
  target.focus({ preventScroll: true });
  (next ?? target).scrollIntoView({ block: "center" });
}

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.matches("textarea, input[type=text]");
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1]; // the code, since a Korean keyboard types other letters
  if (digit) answerByKey(digit);
  else if (event.code === "KeyN") go(place.screen + 1);
  else if (event.code === "KeyP") go(place.screen - 1);
  else return;
  event.preventDefault();
});

window.addEventListener("storage", (event) => {
  if (event.key !== STORAGE_KEY || event.newValue === null) return;
  answers = readExport(JSON.parse(event.newValue).answers); // another tab went on; the place stays ours
  draw();
});

window.addEventListener("beforeunload", (event) => {
  if (hasUnsavedAnswers) event.preventDefault();
});

load();
draw();
