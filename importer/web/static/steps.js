// The steps as the server draws them: put in place where they have changed, opened and closed, and gone to.

import { byId } from "./dom.js";
import { changedFields, controlOf, fillAs, nameOf } from "./fields.js";
import { takePicked } from "./files.js";
import { countDown, showLive } from "./live.js";
import { ask } from "./server.js";
import { fill } from "./table.js";

/** @typedef {{ id: string, digest: string, html: string }} Section */

/**
 * What the server shows.
 * @typedef {{ version: number, sections: Section[], turn: string, say: string, live: import("./live.js").Live }} Shown
 */

/**
 * Which steps a person opened or closed themselves, by their id and state.
 * @type {Map<string, boolean>}
 */
const folded = new Map();

let version = -1;
let turn = "";
let said = "";
/** @type {Promise<void> | null} */
let renewing = null;
let again = false;

/**
 * Show the steps as they are now, unless this version is shown. Calls that come meanwhile are answered by one more look.
 * @param {number} [wanted]
 * @returns {Promise<void>}
 */
export function renew(wanted) {
  if (wanted !== undefined && wanted === version) return Promise.resolve();
  if (renewing) {
    again = true;
    return renewing;
  }
  renewing = look().finally(() => {
    renewing = null;
  });
  return renewing;
}

async function look() {
  do {
    again = false;
    /** @type {Shown | null} */
    const found = await ask("sections");
    if (found) show(found);
  } while (again);
}

/** @param {Shown} found */
function show(found) {
  const moved = turn !== "" && turn !== found.turn;
  for (const section of found.sections) {
    const part = byId(`part-${section.id}`);
    if (part.dataset.digest !== section.digest) replace(part, section);
  }
  version = found.version;
  turn = found.turn;
  if (found.say && found.say !== said) byId("say").textContent = found.say;
  said = found.say;
  showLive(found.live);
  guardSending();
  if (moved) goTo(found.turn);
}

/**
 * Put a step's new HTML in place, and let what a person was at stay: the focus, what was typed, what was unfolded.
 * @param {HTMLElement} part
 * @param {Section} section
 */
function replace(part, section) {
  const active = document.activeElement;
  const held = active instanceof HTMLElement && part.contains(active) ? nameOf(active) : null;
  const among = [...part.querySelectorAll(".case")].findIndex((one) => one.contains(active));
  const opened = [...part.querySelectorAll("details[open] > summary")].map((one) => one.textContent ?? "");
  const typed = changedFields(part).map((field) => ({ name: nameOf(field), field }));
  part.innerHTML = section.html;
  part.dataset.digest = section.digest;
  for (const one of part.querySelectorAll("details")) {
    if (opened.includes(one.querySelector("summary")?.textContent ?? "")) one.open = true;
  }
  for (const { name, field } of typed) fillAs(controlOf(part, name), field);
  const fold = part.querySelector("[data-fold]");
  const mine = folded.get(stateOf(part));
  if (fold instanceof HTMLElement && mine !== undefined) setFold(fold, mine);
  prepare(part);
  if (held) (controlOf(part, held) ?? insteadOf(part, among))?.focus({ preventScroll: true });
}

/**
 * Return what takes the focus where the control that had it is gone: the next row that needs somebody, or a title.
 * @param {HTMLElement} part
 * @param {number} among
 * @returns {HTMLElement | null}
 */
function insteadOf(part, among) {
  if (among < 0) return part.querySelector("h2");
  const titles = part.querySelectorAll("h4");
  return titles[Math.min(among, titles.length - 1)] ?? part.querySelector("#mend") ?? part.querySelector("h2");
}

/** @param {Element} part */
function stateOf(part) {
  return `${part.id} ${part.querySelector(".step")?.className ?? ""}`;
}

/** Nothing is sent by other answers than those whose outcome was shown: while one has changed, there is no sending. */
export function guardSending() {
  const answers = document.querySelector("[data-answers]");
  const go = document.querySelector('#part-go [data-do="go"]');
  const word = document.querySelector("[data-unseen]");
  if (!(go instanceof HTMLElement) || !(word instanceof HTMLElement)) return;
  const changed = answers !== null && changedFields(answers).length > 0;
  go.hidden = changed;
  word.hidden = !changed;
}

/**
 * Bring to life what a step holds.
 * @param {ParentNode} root
 */
export function prepare(root) {
  for (const one of root.querySelectorAll("[data-table]")) if (one instanceof HTMLElement) fill(one);
  for (const one of root.querySelectorAll("[data-ends]")) if (one instanceof HTMLElement) countDown(one);
  for (const one of root.querySelectorAll("[data-pick]")) if (one instanceof HTMLInputElement) takePicked(one);
}

/**
 * Go to a step, and open it.
 * @param {string} step
 */
export function goTo(step) {
  const title = document.getElementById(`${step}-title`);
  if (!title) return;
  const fold = title.querySelector("[data-fold]");
  if (fold instanceof HTMLElement && fold.getAttribute("aria-expanded") === "false") setFold(fold, true);
  title.focus({ preventScroll: true });
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  title.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
}

/**
 * Open a step that is closed, or close it, as a person wants it.
 * @param {HTMLElement} button
 */
export function fold(button) {
  const open = button.getAttribute("aria-expanded") !== "true";
  setFold(button, open);
  const part = button.closest(".part");
  if (part) folded.set(stateOf(part), open);
}

/**
 * @param {HTMLElement} button
 * @param {boolean} open
 */
function setFold(button, open) {
  button.setAttribute("aria-expanded", String(open));
  const body = byId(button.getAttribute("aria-controls") ?? "");
  body.hidden = !open;
  if (open) prepare(body);
}
