// The calculator: keeps what the visitor told, asks the server after every change, shows the
// result it sends. What is told stays in this page and, for convenience, in localStorage.
"use strict";

(() => {
  const KEY = "policy-calculator";
  const SOON = 300; // milliseconds after a key
  const LATER = 700; // after a key in the sentence
  const words = document.body.dataset;
  const find = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const form = document.getElementById("facts");
  if (!form) return onlyADocument();
  const result = document.getElementById("result");
  const status = document.getElementById("status");
  const sentence = document.getElementById("sentence");
  const day = document.getElementById("day");
  const kept = find(".kept [role=status]");
  const keptWords = kept.textContent;

  // What was told. A fact is {value} as the server reads it: {text, unit} where it was typed,
  // plain where it was chosen or read from the sentence; then `quote` and `shown` go with it.
  let told = { sentence: "", facts: {}, unsure: [], dropped: {}, unit: "万元" };
  let baseline = null; // facts and unsure before a trial
  let asked = 0; // number of the last request; answers to earlier ones are ignored
  let waiting = 0;
  let shown = {};
  let unread = false; // the sentence was changed and not yet read
  let answering = false; // the next question takes the focus when it comes

  // Numbers are moved between units as text: binary fractions would change them.

  function shift(text, places) {
    const match = /^([-+]?)(\d*)\.?(\d*)$/.exec(text.replaceAll(",", "").trim());
    if (!match || !(match[2] + match[3])) return null;
    const [, sign, whole, part] = match;
    const digits = whole + part;
    const point = whole.length + places;
    const padded = digits.padStart(digits.length + Math.max(0, 1 - point), "0");
    const at = Math.max(point, 1);
    const filled = padded.padEnd(at, "0");
    const rest = filled.slice(at).replace(/0+$/, "");
    const front = filled.slice(0, at).replace(/^0+(?=\d)/, "");
    return sign + front + (rest ? `.${rest}` : "");
  }

  const places = (kind, unit) => (kind === "money" ? (unit === "万元" ? 4 : 0) : kind === "ratio" ? 2 : 0);

  function typed(value, kind) {
    if (value !== null && typeof value === "object") return value.text ?? "";
    const by = kind === "ratio" ? 2 : -places(kind, told.unit);
    return shift(String(value), by) ?? String(value);
  }

  // Fields

  const fieldOf = (fact) => find(`.field[data-fact="${CSS.escape(fact)}"]`, form);
  const kindOf = (control) => control.dataset.kind;
  const isTyped = (kind) => ["money", "count", "ratio", "number"].includes(kind);

  function valueOf(control) {
    const kind = kindOf(control);
    if (kind === "yes_no") return control.value === "unsure" ? null : control.value === "true";
    const text = control.value.trim();
    if (text === "unsure" || text === "不清楚") return null;
    if (!isTyped(kind)) return text;
    const unit = kind === "money" ? told.unit : kind === "ratio" ? "%" : "";
    return { text, unit };
  }

  function tell(fact, value) {
    told.unsure = told.unsure.filter((one) => one !== fact);
    delete told.facts[fact];
    if (value === null) told.unsure.push(fact);
    else if (value !== "" && value?.text !== "") told.facts[fact] = { value };
  }

  function fill(fact) {
    const field = fieldOf(fact);
    if (!field) return;
    const held = told.facts[fact];
    const unsure = told.unsure.includes(fact);
    for (const control of all("input, select", field)) {
      const kind = kindOf(control);
      if (kind === "yes_no") {
        control.checked = unsure ? control.value === "unsure" : String(held?.value) === control.value;
      } else if (control.tagName === "SELECT") {
        control.value = unsure ? "unsure" : held?.value ?? "";
      } else if (document.activeElement !== control || !held?.value?.text) {
        control.value = held ? (isTyped(kind) ? typed(held.value, kind) : held.value) : "";
      }
    }
    hint(field, fact);
  }

  // Under a field: what the server understood, where that is not what one sees in the field.
  function hint(field, fact) {
    const echo = find(".echo", field);
    const input = find("input[type=text]", field);
    const held = told.facts[fact];
    let said = "";
    if (input) {
      const unit = find(".unit", field).textContent;
      input.placeholder = told.unsure.includes(fact) ? words.unsure : "";
      if (held && shown[fact] && shown[fact] !== `${input.value.trim()}${unit}`) said = `＝ ${shown[fact]}`;
      else if (!held && shown[fact]) said = `${words.workedOut} ${shown[fact]}`;
    }
    echo.textContent = said;
    echo.hidden = !said;
    field.classList.toggle("told", Boolean(held) || told.unsure.includes(fact));
  }

  function fillAll() {
    for (const field of all(".field", form)) fill(field.dataset.fact);
    for (const radio of all("[name=money-unit]", form)) radio.checked = radio.value === told.unit;
    for (const unit of all(".field.money .unit", form)) unit.textContent = told.unit;
    sentence.value = told.sentence;
    count();
    showChips();
  }

  function count() {
    for (const group of all("details.group", form)) {
      const number = all(".field.told", group).length;
      find(".filled", group).textContent = number ? find(".filled", group).dataset.words.replace("{count}", number) : "";
    }
  }

  function setUnit(unit) {
    const by = unit === "元" ? 4 : -4;
    for (const held of Object.values(told.facts)) {
      if (held.value?.unit === told.unit && ["万元", "元"].includes(held.value.unit)) {
        const text = shift(held.value.text, by);
        if (text !== null) held.value = { text, unit };
      }
    }
    told.unit = unit;
    fillAll();
    save();
  }

  function reveal(fact) {
    const field = fieldOf(fact);
    if (!field) return;
    for (let at = field.parentElement; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    field.scrollIntoView({ block: "center" });
    const controls = all("input, select", field);
    (controls.find((one) => one.checked) ?? controls[0])?.focus({ preventScroll: true });
  }

  // The sentence

  function element(tag, text, more = {}) {
    const made = document.createElement(tag);
    made.textContent = text;
    return Object.assign(made, more);
  }

  function showChips() {
    const list = find("#understood .chips");
    list.replaceChildren();
    for (const [fact, held] of Object.entries(told.facts)) {
      if (held.quote) list.append(chip(fact, held));
    }
    document.getElementById("understood").hidden = !list.children.length;
  }

  function chip(fact, held) {
    const item = document.createElement("li");
    const name = fieldOf(fact)?.querySelector(".name").firstChild.textContent ?? fact;
    item.append(element("b", `${name.trim()} ${held.shown}`), element("q", held.quote));
    if (held.note) item.append(element("small", held.note));
    const correct = element("button", words.correct, { type: "button" });
    const remove = element("button", "×", { type: "button", title: words.remove });
    correct.setAttribute("aria-label", `${words.correct} ${name.trim()}`);
    remove.setAttribute("aria-label", `${words.remove} ${name.trim()}`);
    correct.addEventListener("click", () => reveal(fact));
    remove.addEventListener("click", () => {
      told.dropped[fact] = held.quote;
      delete told.facts[fact];
      changed(fact);
    });
    item.append(correct, remove);
    return item;
  }

  // From the first key until the results are there: also read by a screen reader.
  const busy = (is) => result.setAttribute("aria-busy", String(is));

  async function readSentence() {
    clearTimeout(reading);
    unread = true;
    busy(true);
    const text = sentence.value;
    told.sentence = text;
    const answer = await post("/calculator/read", { sentence: text, day: day.value });
    if (sentence.value !== text) return;
    unread = false;
    if (!answer) return busy(false);
    for (const [fact, held] of Object.entries(told.facts)) if (held.quote) delete told.facts[fact];
    for (const one of answer.understood ?? []) take(one);
    const notices = [...(answer.notices ?? []), ...(answer.error ? [answer.error] : [])];
    document.getElementById("notices").replaceChildren(...notices.map((one) => element("li", one)));
    fillAll();
    ask();
  }

  // What was told in the form goes before the sentence; what was taken away stays away.
  function take(one) {
    if (told.dropped[one.fact] === one.quote || told.facts[one.fact]) return;
    told.unsure = told.unsure.filter((fact) => fact !== one.fact);
    told.facts[one.fact] = { value: one.value, quote: one.quote, shown: one.shown, note: one.note };
  }

  // Asking the server

  function plain(facts) {
    return Object.fromEntries(Object.entries(facts).map(([fact, held]) => [fact, held.value]));
  }

  function request() {
    const sent = {
      facts: plain(told.facts),
      unsure: told.unsure,
      day: day.value,
      sentence: told.sentence,
      programmes: words.programmes ? words.programmes.split(",") : [],
      language: words.language,
      opened: all("details.programme[open]", result).map((one) => one.dataset.id),
    };
    if (baseline) sent.baseline = { facts: plain(baseline.facts), unsure: baseline.unsure };
    return sent;
  }

  async function post(address, sent) {
    try {
      const answer = await fetch(address, { method: "POST", body: JSON.stringify(sent) });
      return await answer.json();
    } catch {
      warn(words.failed);
      return null;
    }
  }

  function warn(sentence) {
    status.textContent = sentence;
    status.classList.remove("visually-hidden");
    status.hidden = false;
  }

  async function ask() {
    clearTimeout(waiting);
    const number = ++asked;
    busy(true);
    const answer = await post("/calculator/results", request());
    if (number !== asked) return;
    if (answer?.error) warn(answer.error);
    else if (answer) show(answer);
    busy(unread);
  }

  function show(answer) {
    const focus = focused();
    result.innerHTML = answer.html; // written by the server, every word escaped there
    for (const unit of all(".money .unit", result)) unit.textContent = told.unit;
    shown = answer.shown;
    for (const field of all(".field", form)) hint(field, field.dataset.fact);
    showProblems(answer.problems);
    hideOthers(answer.programmes);
    showCounts();
    count();
    refocus(focus);
  }

  function focused() {
    const at = document.activeElement;
    if (!result.contains(at)) return null;
    if (at.closest(".question")) return ".question :is(input, select, button)";
    const card = at.closest("details.programme");
    return card ? `#${CSS.escape(card.id)} > summary` : null;
  }

  function refocus(selector) {
    const wanted = answering ? ".question :is(input, select, button)" : selector;
    answering = false;
    if (wanted) find(wanted, result)?.focus({ preventScroll: true });
  }

  function showProblems(problems) {
    for (const field of all(".field", form)) {
      const said = problems[field.dataset.fact] ?? [];
      say(field, said.join(""));
    }
    const answer = find("form.answer", result);
    const said = answer ? problems[answer.dataset.fact] : null;
    if (!said) return;
    say(answer, said.join(""));
    const input = find("input[type=text]", answer);
    if (input) input.value = typed(told.facts[answer.dataset.fact]?.value ?? "", kindOf(input));
  }

  function say(place, sentence) {
    const problem = find(".problem", place);
    problem.textContent = sentence;
    problem.hidden = !sentence;
    place.classList.toggle("wrong", Boolean(sentence));
    for (const control of all("input, select", place)) control.setAttribute("aria-invalid", Boolean(sentence));
  }

  // Programmes of other regions ask for nothing.
  function hideOthers(programmes) {
    for (const group of all("details[data-programme]", form)) {
      group.hidden = !programmes.includes(group.dataset.programme) && !find(".field.told", group);
    }
  }

  function showCounts() {
    const said = all(".counts li", result).map((one) => one.textContent.trim());
    status.textContent = said.join("，");
    status.classList.add("visually-hidden");
    status.hidden = false;
    find("#to-results .counts-short").replaceChildren(
      ...all(".counts li", result).slice(0, 3).map((one) =>
        element("span", one.textContent.trim(), { className: one.className })),
    );
  }

  function changed(fact) {
    if (fact) fill(fact);
    showChips();
    count();
    save();
    ask();
  }

  // Keeping

  function save() {
    try {
      localStorage.setItem(KEY, JSON.stringify(told));
    } catch {
      // Storage may be forbidden or full: then nothing is kept, and the page works all the same.
    }
    kept.textContent = keptWords;
  }

  function load() {
    try {
      const held = JSON.parse(localStorage.getItem(KEY) ?? "null");
      if (held && typeof held.facts === "object") told = { ...told, ...held };
    } catch {
      // As above; what can't be read is not used.
    }
    for (const fact of Object.keys(told.facts)) if (!fieldOf(fact)) delete told.facts[fact];
    told.unsure = told.unsure.filter(fieldOf);
  }

  function clear() {
    told = { sentence: "", facts: {}, unsure: [], dropped: {}, unit: told.unit };
    endTrial();
    try {
      localStorage.removeItem(KEY);
    } catch {
      // Nothing was kept then.
    }
    document.getElementById("notices").replaceChildren();
    fillAll();
    kept.textContent = document.getElementById("clear").dataset.done;
    ask();
  }

  // A trial: 假如

  const tryButton = document.getElementById("what-if");

  function setTrial(on) {
    baseline = on ? structuredClone({ facts: told.facts, unsure: told.unsure }) : null;
    tryButton.setAttribute("aria-pressed", String(on));
    document.getElementById("trying").hidden = !on;
  }

  const endTrial = () => setTrial(false);

  function trialBack() {
    const held = structuredClone(baseline);
    endTrial();
    Object.assign(told, held);
    fillAll();
    save();
    ask();
  }

  // Events

  let reading = 0;
  sentence.addEventListener("input", () => {
    clearTimeout(reading);
    reading = setTimeout(readSentence, LATER);
    unread = true;
    busy(true);
    told.sentence = sentence.value;
    save();
  });
  document.getElementById("read").addEventListener("click", readSentence);
  document.getElementById("clear").addEventListener("click", clear);
  day.addEventListener("change", ask);
  form.addEventListener("submit", (event) => event.preventDefault());

  form.addEventListener("input", (event) => {
    const field = event.target.closest(".field");
    if (!field) return;
    tell(field.dataset.fact, valueOf(event.target));
    field.classList.toggle("told", Boolean(told.facts[field.dataset.fact]) || told.unsure.includes(field.dataset.fact));
    showChips();
    count();
    save();
    clearTimeout(waiting);
    busy(true);
    asked += 1; // an answer on its way is out of date
    waiting = setTimeout(ask, isTyped(kindOf(event.target)) ? SOON : 0);
  });

  for (const radio of all("[name=money-unit]", form)) {
    radio.addEventListener("change", () => {
      setUnit(radio.value);
      ask();
    });
  }

  // A yes or no that is chosen already is taken back by a second click, or by Delete.
  let before = null;
  form.addEventListener("pointerdown", (event) => {
    const radio = event.target.closest(".field label")?.querySelector("[data-kind=yes_no]");
    before = radio?.checked ? radio : null;
  });
  form.addEventListener("click", (event) => {
    if (event.target === before) takeBack(before);
  });
  form.addEventListener("keydown", (event) => {
    const isRadio = event.target.dataset?.kind === "yes_no" && event.target.checked;
    if (isRadio && ["Delete", "Backspace"].includes(event.key)) takeBack(event.target);
  });

  function takeBack(radio) {
    before = null;
    const fact = radio.closest(".field").dataset.fact;
    tell(fact, "");
    changed(fact);
  }

  tryButton.addEventListener("click", () => {
    if (baseline) return trialBack();
    setTrial(true);
    ask();
  });
  document.getElementById("trial-back").addEventListener("click", trialBack);
  document.getElementById("trial-keep").addEventListener("click", () => {
    endTrial();
    ask();
  });

  function answered(fact, value) {
    answering = true;
    tell(fact, value);
    changed(fact);
  }

  result.addEventListener("submit", (event) => {
    const answer = event.target.closest("form.answer");
    if (!answer) return;
    event.preventDefault();
    const control = find("input, select", answer);
    const value = control ? valueOf(control) : "";
    if (value === "" || value?.text === "") control?.focus();
    else answered(answer.dataset.fact, value);
  });

  result.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest(selector);
    if (at("[data-answer]")) {
      const value = at("[data-answer]").dataset.answer;
      answered(at("form.answer").dataset.fact, value === "unsure" ? null : value === "true");
    } else if (at("[data-ask]")) {
      reveal(at("[data-ask]").dataset.ask);
    } else if (at("[data-open]")) {
      const card = document.getElementById(`p-${at("[data-open]").dataset.open}`);
      if (card) card.open = true;
    } else if (at("a.clause") && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      openSource(at("a.clause"));
    }
  });

  // What is inside a card is sent once the card is opened.
  result.addEventListener("toggle", (event) => {
    const card = event.target;
    if (card.matches("details.programme[open]") && !find(".inside", card).children.length) ask();
  }, true);

  for (const id of ["report", "calendar"]) {
    document.getElementById(id).addEventListener("submit", (event) => {
      const { baseline: _, opened: __, ...sent } = request();
      event.target.elements.request.value = JSON.stringify(sent);
    });
  }

  // The document behind a clause

  const dialog = document.getElementById("source");

  async function openSource(link) {
    let page;
    try {
      const answer = await fetch(link.href);
      page = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
      return window.open(link.href, "_blank", "noopener");
    }
    find(".shown", dialog).replaceChildren(...find("main", page).childNodes);
    document.getElementById("source-alone").href = link.href;
    dialog.showModal();
    showMarked(dialog);
  }

  function showMarked(place) {
    find("mark.main", place)?.scrollIntoView({ block: "center" });
    for (const button of all("button[data-copy]", place)) {
      button.addEventListener("click", () => copy(button));
    }
  }

  async function copy(button) {
    const text = button.textContent;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      return; // no clipboard on plain http: the words can still be selected
    }
    button.textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = text; }, 1500);
  }

  document.getElementById("source-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });

  // A page that shows a document alone has no form.
  function onlyADocument() {
    showMarked(document);
  }

  if (window.matchMedia("(max-width: 899px)").matches) {
    for (const group of all("details.group[open]", form).slice(1)) group.open = false;
  }
  load();
  fillAll();
  ask();
})();
