// A long table: its rows come in chunks as they are scrolled to, so that fifty thousand of them cost no more than fifty.

import { within } from "./dom.js";
import { ask } from "./server.js";

const CHUNK = 100;
const NEAR = "1200px";
const PAUSE = 200;
const HEIGHT = 48;

/** @typedef {{ total: number, start: number, html: string }} Window */

/**
 * The rows that each table shows: those of an older search are let go.
 * @type {WeakMap<HTMLElement, Rows>}
 */
const shown = new WeakMap();

/**
 * Fill a table, and again whenever somebody searches, sorts or narrows it. One that is filled stays as it is.
 * @param {HTMLElement} box
 */
export function fill(box) {
  if (box.dataset.filled || box.closest("[hidden]")) return;
  box.dataset.filled = "yes";
  const words = within(box, "[data-words]", HTMLInputElement);
  const group = within(box, "[data-group]", HTMLSelectElement);
  const order = within(box, "[data-order]", HTMLSelectElement);
  let timer = 0;
  const draw = () => new Rows(box, words.value, group.value, order.value).begin();
  words.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(draw, PAUSE);
  });
  group.addEventListener("change", draw);
  order.addEventListener("change", draw);
  draw();
}

/** A part of the table: its rows, or the room that they take. */
class Chunk {
  /**
   * @param {number} start
   * @param {number} size
   */
  constructor(start, size) {
    this.start = start;
    this.size = size;
    this.full = false;
    this.near = false;
    this.body = document.createElement("tbody");
    this.body.setAttribute("role", "rowgroup");
  }

  /** @param {string} html */
  put(html) {
    this.body.innerHTML = html;
    this.full = true;
  }

  /**
   * Leave the room of rows that are out of sight; `height` is that of a row as far as one knows.
   * @param {number} height
   */
  empty(height) {
    const cell = document.createElement("td");
    cell.colSpan = 4;
    cell.style.height = `${this.full ? this.body.offsetHeight : this.size * height}px`;
    cell.className = "room";
    const row = document.createElement("tr");
    row.setAttribute("aria-hidden", "true");
    row.append(cell);
    this.body.replaceChildren(row);
    this.full = false;
  }
}

class Rows {
  /**
   * @param {HTMLElement} box
   * @param {string} words
   * @param {string} group
   * @param {string} order
   */
  constructor(box, words, group, order) {
    this.box = box;
    this.scroll = within(box, ".scroll", HTMLElement);
    this.table = within(box, "table", HTMLTableElement);
    this.query = new URLSearchParams({ words, group, order });
    if (order === "rating" || order === "date") this.query.set("falling", "yes");
    this.height = HEIGHT;
    /** @type {Map<Element, Chunk>} */
    this.chunks = new Map();
    this.watch = new IntersectionObserver((seen) => this.see(seen), { root: this.scroll, rootMargin: NEAR });
    shown.set(box, this);
  }

  get current() {
    return shown.get(this.box) === this;
  }

  async begin() {
    const first = await this.window(0);
    if (!first || !this.current) return;
    for (const old of [...this.table.tBodies]) old.remove();
    this.scroll.scrollTop = 0;
    this.table.setAttribute("aria-rowcount", String(first.total + 1));
    this.tell(first.total);
    for (let start = 0; start < first.total; start += CHUNK) {
      const chunk = new Chunk(start, Math.min(CHUNK, first.total - start));
      this.chunks.set(chunk.body, chunk);
      this.table.append(chunk.body);
    }
    const [top, ...others] = this.chunks.values();
    if (!top) return;
    top.put(first.html);
    if (top.body.offsetHeight) this.height = top.body.offsetHeight / top.size;
    for (const chunk of others) chunk.empty(this.height);
    for (const body of this.chunks.keys()) this.watch.observe(body);
  }

  /** @param {number} total */
  tell(total) {
    const all = Number(this.box.dataset.total);
    const words = `${total.toLocaleString("en-US")} of ${all.toLocaleString("en-US")} rows`;
    within(this.box, "[data-found]", HTMLElement).textContent = total === all ? "" : words;
  }

  /** @param {IntersectionObserverEntry[]} seen */
  see(seen) {
    if (!this.current) {
      this.watch.disconnect();
      return;
    }
    for (const { target, isIntersecting } of seen) {
      const chunk = this.chunks.get(target);
      if (!chunk) continue;
      chunk.near = isIntersecting;
      if (isIntersecting && !chunk.full) this.load(chunk);
      else if (!isIntersecting && chunk.full) chunk.empty(this.height);
    }
  }

  /** @param {Chunk} chunk */
  async load(chunk) {
    const found = await this.window(chunk.start);
    if (found && this.current && chunk.near) chunk.put(found.html);
  }

  /**
   * @param {number} start
   * @returns {Promise<Window | null>}
   */
  window(start) {
    this.query.set("start", String(start));
    this.query.set("count", String(CHUNK));
    return ask(`rows/${this.box.dataset.table}?${this.query}`);
  }
}
