// A long table: its rows come in chunks as they are scrolled to, so that fifty thousand of them cost no more than fifty.

import { ask } from "./server.js";

const CHUNK = 100;
const NEAR = "1200px";
const PAUSE = 200;

/** Fill a table, and again whenever somebody searches, sorts or narrows it. One that is filled stays as it is. */
export function fill(box) {
  if (box.dataset.filled || box.closest("[hidden]")) return;
  box.dataset.filled = "yes";
  const words = box.querySelector("[data-words]");
  const group = box.querySelector("[data-group]");
  const order = box.querySelector("[data-order]");
  let timer = 0;
  const draw = () => new Rows(box, words.value, group.value, order.value);
  words.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(draw, PAUSE);
  });
  group.addEventListener("change", draw);
  order.addEventListener("change", draw);
  draw();
}

class Rows {
  constructor(box, words, group, order) {
    this.box = box;
    this.scroll = box.querySelector(".scroll");
    this.table = box.querySelector("table");
    this.query = new URLSearchParams({ words, group, order });
    if (order === "rating" || order === "date") this.query.set("falling", "yes");
    this.height = 48;
    box.rows = this;
    this.begin();
  }

  get current() {
    return this.box.rows === this;
  }

  async begin() {
    const first = await this.window(0);
    if (!first || !this.current) return;
    for (const old of this.table.tBodies.length ? [...this.table.tBodies] : []) old.remove();
    this.scroll.scrollTop = 0;
    this.table.setAttribute("aria-rowcount", String(first.total + 1));
    this.tell(first.total);
    this.chunks = [];
    this.watch = new IntersectionObserver((seen) => this.see(seen), { root: this.scroll, rootMargin: NEAR });
    for (let start = 0; start < first.total; start += CHUNK) {
      const chunk = document.createElement("tbody");
      chunk.setAttribute("role", "rowgroup");
      chunk.start = start;
      chunk.size = Math.min(CHUNK, first.total - start);
      this.empty(chunk);
      this.chunks.push(chunk);
    }
    this.table.append(...this.chunks);
    if (this.chunks.length) this.put(this.chunks[0], first.html);
    if (this.chunks[0]?.offsetHeight) this.height = this.chunks[0].offsetHeight / this.chunks[0].size;
    for (const chunk of this.chunks.slice(1)) this.empty(chunk);
    for (const chunk of this.chunks) this.watch.observe(chunk);
  }

  tell(total) {
    const all = Number(this.box.dataset.total);
    const line = this.box.querySelector("[data-found]");
    const narrowed = total !== all;
    line.textContent = narrowed ? `${total.toLocaleString("en-US")} of ${all.toLocaleString("en-US")} rows` : "";
  }

  see(seen) {
    if (!this.current) {
      this.watch.disconnect();
      return;
    }
    for (const { target, isIntersecting } of seen) {
      target.near = isIntersecting;
      if (isIntersecting && !target.full) this.load(target);
      else if (!isIntersecting && target.full) this.empty(target);
    }
  }

  async load(chunk) {
    chunk.full = true;
    const found = await this.window(chunk.start);
    if (!this.current) return;
    if (found && chunk.near) this.put(chunk, found.html);
    else chunk.full = false;
  }

  put(chunk, html) {
    chunk.innerHTML = html;
    chunk.full = true;
  }

  /** Leave the room of rows that are out of sight. */
  empty(chunk) {
    const height = chunk.full ? chunk.offsetHeight : chunk.size * this.height;
    const cell = document.createElement("td");
    cell.colSpan = 4;
    cell.style.height = `${height}px`;
    cell.className = "room";
    const row = document.createElement("tr");
    row.setAttribute("aria-hidden", "true");
    row.append(cell);
    chunk.replaceChildren(row);
    chunk.full = false;
  }

  window(start) {
    this.query.set("start", String(start));
    this.query.set("count", String(CHUNK));
    return ask(`rows/${this.box.dataset.table}?${this.query}`);
  }
}
