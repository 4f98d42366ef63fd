// The page's script: it sends what a person does, and shows what the server says. It keeps nothing of its own.

import { around, byId, within } from "./dom.js";
import { clearFault, showFault } from "./fault.js";
import { fieldsOf, isWaiting } from "./fields.js";
import { takeDrops } from "./files.js";
import { showLive } from "./live.js";
import { post } from "./server.js";
import { fold, goTo, guardSending, prepare, renew } from "./steps.js";
import { follow } from "./stream.js";

/**
 * Send what a person does.
 * @param {string} action
 * @param {Record<string, unknown>} fields
 * @param {Element} beside
 */
async function act(action, fields, beside) {
  clearFault(beside);
  const fault = await post(`do/${action}`, fields);
  if (fault) showFault(fault, beside);
  else if (action === "end") end();
  else await renew();
}

function end() {
  const title = document.createElement("h1");
  title.tabIndex = -1;
  title.textContent = "The page has ended. You can close this tab.";
  const main = document.createElement("main");
  main.append(title);
  document.body.replaceChildren(main);
  title.focus();
}

/** @param {HTMLElement} button */
async function copy(button) {
  const said = byId("say");
  try {
    await navigator.clipboard.writeText(button.dataset.copy ?? "");
    button.textContent = "Copied";
    said.textContent = "Copied.";
  } catch {
    // Where the browser keeps the clipboard to itself, what is to be copied is marked instead.
    const text = within(button.closest("tr, li, p") ?? document, "code, .code", HTMLElement);
    getSelection()?.selectAllChildren(text);
    said.textContent = "Marked: copy it with your keyboard.";
  }
}

document.addEventListener("submit", (event) => {
  const form = around(event, "form[data-do]");
  if (!(form instanceof HTMLFormElement)) return;
  event.preventDefault();
  if (!isWaiting(event.submitter)) act(form.dataset.do ?? "", fieldsOf(form), form);
});

document.addEventListener("input", (event) => {
  if (around(event, "[data-answers]")) guardSending();
});

document.addEventListener("change", (event) => {
  const form = around(event, "form[data-change]");
  if (form instanceof HTMLFormElement) act(form.dataset.do ?? "", fieldsOf(form), form);
});

document.addEventListener("click", (event) => {
  if (isWaiting(around(event, "input"))) {
    event.preventDefault();
    return;
  }
  const folding = around(event, "[data-fold]");
  if (folding) {
    fold(folding);
    return;
  }
  const there = around(event, "[data-goto]");
  if (there) {
    event.preventDefault();
    goTo(there.dataset.goto ?? "");
    return;
  }
  const copied = around(event, "[data-copy]");
  if (copied) {
    copy(copied);
    return;
  }
  const button = around(event, "button[data-do]");
  if (!button || isWaiting(button) || (button.dataset.sure && !confirm(button.dataset.sure))) return;
  const { do: action, sure: _, ...fields } = button.dataset;
  act(action ?? "", fields, button);
});

const lost = byId("lost");
follow({
  changed: ({ version }) => renew(version),
  progress: showLive,
  lost: (why) => {
    lost.textContent = why;
    lost.hidden = !why;
  },
});
takeDrops();
prepare(byId("steps"));
renew();
