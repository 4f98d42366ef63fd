// How far something is: numbers that move, a sentence now and then for who hears the page, and the time that is left.

import { byId, within } from "./dom.js";

const EVERY = 10_000;

/**
 * How far the server is with what it does.
 * @typedef {{
 *   doing: string | null, phase: string, done: number, total: number, rate: number | null, left: string, cost: string,
 *   waits: string, again: number, stopping: boolean,
 * }} Live
 */

let spoken = 0;
let phase = "";

/**
 * Show how far it is.
 * @param {Live} live
 */
export function showLive(live) {
  for (const box of document.querySelectorAll("[data-live]")) {
    const bar = within(box, "[data-live-bar]", HTMLProgressElement);
    if (live.total) {
      bar.max = live.total;
      bar.value = live.done;
    } else bar.removeAttribute("value");
    put(box, "phase", live.phase || "beginning");
    put(box, "done", live.total ? `${number(live.done)} of ${number(live.total)}` : "");
    put(box, "left", [live.left, rate(live)].filter(Boolean).join(", "));
    put(box, "cost", live.cost);
    put(box, "waits", waits(live));
  }
  if (live.doing) speak(live);
}

/** @param {Live} live */
function rate(live) {
  if (!live.rate) return "";
  return `${live.rate < 10 ? live.rate : number(Math.round(live.rate))} a second`;
}

/** @param {Live} live */
function waits(live) {
  if (live.stopping) return "Stopping: what is on its way is finished.";
  return live.waits ? `Simkl: ${live.waits}. It goes on in ${live.again} s.` : "";
}

/** @param {Live} live */
function speak(live) {
  const now = Date.now();
  if (!live.total || (live.phase === phase && now - spoken < EVERY)) return;
  spoken = now;
  phase = live.phase;
  const sentence = `${live.phase}: ${number(live.done)} of ${number(live.total)}${live.left && `, ${live.left}`}.`;
  byId("say").textContent = sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/**
 * @param {Element} box
 * @param {string} name
 * @param {string} text
 */
function put(box, name, text) {
  const place = within(box, `[data-live-${name}]`, HTMLElement);
  if (place.textContent !== text) place.textContent = text;
}

/** @param {number} value */
function number(value) {
  return value.toLocaleString("en-US");
}

/**
 * Show how long a code still holds.
 * @param {HTMLElement} place
 */
export function countDown(place) {
  const ends = Number(place.dataset.ends) * 1000;
  const show = () => {
    if (!place.isConnected) return;
    const left = Math.max(0, Math.round((ends - Date.now()) / 1000));
    const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    place.textContent = left ? `The code holds ${time} more.` : "The code has run out.";
    if (left) setTimeout(show, 1000);
  };
  show();
}
