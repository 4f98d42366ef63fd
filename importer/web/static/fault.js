// What went wrong, said in the step where a person did it.

import { byId, within } from "./dom.js";

/**
 * Say what went wrong with what a person just did, in the step where they did it.
 * @param {import("./server.js").Fault} found
 * @param {Element} [beside]
 */
export function showFault(found, beside) {
  const step = (beside ?? byId("files-body")).closest(".body") ?? within(document, "main", HTMLElement);
  clearFault(step);
  const line = document.createElement("p");
  line.className = "notice fault";
  line.setAttribute("role", "alert");
  line.textContent = `${found.what} ${found.todo}`;
  step.prepend(line);
}

/**
 * Say it no longer.
 * @param {Element} beside
 */
export function clearFault(beside) {
  beside.closest(".body")?.querySelector(":scope > .fault")?.remove();
}
