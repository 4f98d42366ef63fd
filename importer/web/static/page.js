// The page's script: it sends what a person does, and shows what the server says. It keeps nothing of its own.

import { follow } from "./stream.js";
import { receive, takeDrops } from "./files.js";
import { fill } from "./table.js";
import { countDown, showLive } from "./live.js";
import { ask, post } from "./server.js";

const parts = document.getElementById("steps");
const say = document.getElementById("say");
const lost = document.getElementById("lost");

/** Which steps a person opened or closed themselves, by their id and state. */
const folded = new Map();

let shown = 0;
let turn = "";
let said = "";
let renewing = null;
let again = false;

/** Show the steps as they are now. Calls that come meanwhile are answered by one more look. */
async function renew() {
  if (renewing) {
    again = true;
    return renewing;
  }
  renewing = (async () => {
    do {
      again = false;
      const found = await ask("sections");
      if (found) show(found);
    } while (again);
    renewing = null;
  })();
  return renewing;
}

function show(found) {
  const moved = turn !== "" && turn !== found.turn;
  for (const section of found.sections) {
    const part = document.getElementById(`part-${section.id}`);
    if (part.dataset.digest !== section.digest) replace(part, section);
  }
  shown = found.version;
  turn = found.turn;
  if (found.say && found.say !== said) say.textContent = found.say;
  said = found.say;
  showLive(found.live);
  guard();
  if (moved) goTo(found.turn);
}

/** Put a step's new HTML in place, and let what a person was at stay: the focus, what was typed, what was unfolded. */
function replace(part, section) {
  const active = document.activeElement;
  const held = part.contains(active) ? place(active) : null;
  const among = [...part.querySelectorAll(".case")].indexOf(active.closest(".case"));
  const opened = [...part.querySelectorAll("details[open]")].map((one) => one.querySelector("summary").textContent);
  const typed = new Map();
  for (const field of part.querySelectorAll("input[name]:not([type=hidden]), select[name]")) {
    if (isChanged(field)) typed.set(place(field), field);
  }
  part.innerHTML = section.html;
  part.dataset.digest = section.digest;
  for (const one of part.querySelectorAll("details")) {
    if (opened.includes(one.querySelector("summary").textContent)) one.open = true;
  }
  for (const [where, field] of typed) {
    const same = find(part, where);
    if (same && same.type === field.type) {
      if (field.type === "checkbox" || field.type === "radio") same.checked = field.checked;
      else same.value = field.value;
    }
  }
  const step = part.querySelector(".step");
  const fold = part.querySelector("[data-fold]");
  if (step && fold) {
    const mine = folded.get(`${section.id} ${step.className}`);
    if (mine !== undefined) setFold(fold, mine);
  }
  prepare(part);
  if (held) (find(part, held) ?? instead(part, among)).focus({ preventScroll: true });
}

/** Nothing is sent by other answers than those whose outcome was shown: while one has changed, there is no sending. */
function guard() {
  const answers = document.querySelector("[data-answers]");
  const go = document.querySelector('#part-go [data-do="go"]');
  const word = document.querySelector("[data-unseen]");
  if (!go || !word) return;
  const changed = Boolean(answers) && [...answers.elements].some((field) => field.name && isChanged(field));
  go.hidden = changed;
  word.hidden = !changed;
}

/** Return what takes the focus where the control that had it is gone: the next row that needs somebody, or a title. */
function instead(part, among) {
  const cases = part.querySelectorAll(".case");
  if (among < 0) return part.querySelector("h2");
  return (cases[Math.min(among, cases.length - 1)] ?? part).querySelector("h4") ?? part.querySelector("#mend, h2");
}

function isChanged(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field instanceof HTMLSelectElement) return ![...field.options].every((one) => one.selected === one.defaultSelected);
  return field.value !== field.defaultValue;
}

/** Tell whether a control waits until what is under way has ended. It is not disabled: that would take the focus away. */
function isWaiting(control) {
  return control?.getAttribute("aria-disabled") === "true";
}

/** Return what names a control within its step, however often that is drawn anew. */
function place(field) {
  const form = field.closest("form");
  const key = form?.querySelector("[name=key], [name=number], [name=run]")?.value ?? "";
  const data = Object.entries(field.dataset).flat().join(" ");
  const choice = field.type === "radio" || field.type === "checkbox" ? field.value : "";
  return [field.tagName, field.name ?? "", field.type ?? "", choice, form?.dataset.do ?? "", key, data,
    field.tagName === "A" || field.tagName === "SUMMARY" ? field.textContent : ""].join("|");
}

function find(part, where) {
  return [...part.querySelectorAll("input, select, button, a, summary, h2, [tabindex]")].find((one) => place(one) === where);
}

function prepare(root) {
  for (const one of root.querySelectorAll("[data-table]")) fill(one);
  for (const one of root.querySelectorAll("[data-ends]")) countDown(one);
  for (const one of root.querySelectorAll("[data-pick]")) {
    const take = () => receive([...one.files].map((file) => [file.webkitRelativePath || file.name, file]), fault);
    one.addEventListener("change", take);
    if (one.files.length) take(); // somebody was quicker than this script
  }
}

function goTo(step) {
  const title = document.getElementById(`${step}-title`);
  if (!title) return;
  const fold = title.querySelector("[data-fold]");
  if (fold && fold.getAttribute("aria-expanded") === "false") setFold(fold, true);
  title.focus({ preventScroll: true });
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  title.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
}

function setFold(button, open) {
  button.setAttribute("aria-expanded", String(open));
  document.getElementById(button.getAttribute("aria-controls")).hidden = !open;
  if (open) for (const one of button.closest(".step").querySelectorAll("[data-table]")) fill(one);
}

/** Say beside a step what went wrong with what a person just did there. */
function fault(found, beside) {
  const step = (beside ?? document.getElementById("files-body"))?.closest(".body") ?? parts;
  step.querySelector(":scope > .fault")?.remove();
  const line = document.createElement("p");
  line.className = "notice fault";
  line.setAttribute("role", "alert");
  line.textContent = `${found.what} ${found.todo}`;
  step.prepend(line);
}

function clearFault(beside) {
  beside.closest(".body")?.querySelector(":scope > .fault")?.remove();
}

/** Send what a person does. */
async function act(action, fields, beside) {
  clearFault(beside);
  const found = await post(`do/${action}`, fields);
  if (found.ok) await renew();
  else fault(found.value, beside);
  if (action === "end" && found.ok) end();
}

function end() {
  document.body.textContent = "";
  const line = document.createElement("main");
  const title = document.createElement("h1");
  title.tabIndex = -1;
  title.textContent = "The page has ended. You can close this tab.";
  line.append(title);
  document.body.append(line);
  title.focus();
}

function fieldsOf(form) {
  const fields = {};
  for (const field of form.elements) {
    if (!field.name || field.disabled) continue;
    if (field.type === "checkbox") {
      const several = form.querySelectorAll(`[name="${field.name}"]`).length > 1;
      if (several) fields[field.name] = [...(fields[field.name] ?? []), ...(field.checked ? [field.value] : [])];
      else fields[field.name] = field.checked;
    } else if (field.type === "radio") {
      if (field.checked) fields[field.name] = field.value;
    } else fields[field.name] = field.value;
  }
  return fields;
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-do]");
  if (!form) return;
  event.preventDefault();
  if (isWaiting(event.submitter)) return;
  act(form.dataset.do, fieldsOf(form), form);
});

document.addEventListener("input", (event) => {
  if (event.target.closest("[data-answers]")) guard();
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-change]");
  if (form) act(form.dataset.do, fieldsOf(form), form);
});

document.addEventListener("click", async (event) => {
  const fold = event.target.closest("[data-fold]");
  if (fold) {
    const open = fold.getAttribute("aria-expanded") !== "true";
    setFold(fold, open);
    const step = fold.closest(".step");
    folded.set(`${step.parentElement.id.slice(5)} ${step.className}`, open);
    return;
  }
  const there = event.target.closest("[data-goto]");
  if (there) {
    event.preventDefault();
    goTo(there.dataset.goto);
    return;
  }
  const copied = event.target.closest("[data-copy]");
  if (copied) {
    await copy(copied);
    return;
  }
  const button = event.target.closest("button[data-do]");
  if (!button || isWaiting(button) || (button.dataset.sure && !confirm(button.dataset.sure))) return;
  const { do: action, sure, ...fields } = button.dataset;
  await act(action, fields, button);
});

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "Copied";
    say.textContent = "Copied.";
  } catch {
    // Where the browser keeps the clipboard to itself, what is to be copied is marked instead.
    const text = button.closest("tr, li, p").querySelector("code, .code");
    getSelection().selectAllChildren(text);
    say.textContent = "Marked: copy it with your keyboard.";
  }
}

follow({
  changed: (value) => value.version !== shown && renew(),
  progress: showLive,
  lost: (why) => {
    lost.textContent = why;
    lost.hidden = !why;
  },
});
takeDrops(fault);
for (const part of parts.querySelectorAll(".part")) prepare(part);
renew();
