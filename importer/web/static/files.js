// Files and folders that a person picks or drops: sent one by one, as they are.

import { headers, post } from "./server.js";

const drop = () => document.getElementById("drop");

let receiving = false;

/** Send files, each with its path; then have all of them read. */
export async function receive(found, fault) {
  if (!found.length) return;
  if (receiving) {
    fault({ what: "Other files are still on their way.", todo: "Wait until they are here." });
    return;
  }
  receiving = true;
  const group = crypto.randomUUID?.() ?? String(Math.random());
  const all = found.reduce((sum, [, file]) => sum + file.size, 0);
  let sent = 0;
  let kept = 0;
  for (const [path, file] of found) {
    const answer = await send(path, file, group, (done) => tell(file.name, sent + done, all));
    sent += file.size;
    if (answer.ok) kept += 1;
    else fault(answer.value);
    if (!answer.ok && path.includes("/")) break; // of a folder the whole is wanted
  }
  receiving = false;
  tell("", 0, 0);
  if (kept) {
    const answer = await post("do/read", {});
    if (!answer.ok) fault(answer.value);
  }
}

function send(path, file, group, progress) {
  // Not fetch: it does not tell how far it is.
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("POST", "files");
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.setRequestHeader("X-File-Path", encodeURIComponent(path.toWellFormed?.() ?? path));
    request.setRequestHeader("X-File-Group", group);
    request.upload.onprogress = (event) => progress(event.loaded);
    request.onload = () => {
      let value = {};
      try {
        value = JSON.parse(request.responseText);
      } catch {
        value = { what: `${file.name} was not taken.`, todo: "Load the page again." };
      }
      done({ ok: request.status === 200, value });
    };
    request.onerror = () =>
      done({ ok: false, value: { what: `${file.name} could not be taken in whole.`, todo: "It may be too large to be an export, or simkl-import has ended." } });
    request.send(file);
  });
}

function tell(name, done, all) {
  const line = drop()?.querySelector("[data-receiving]");
  const bar = drop()?.querySelector("[data-receiving-bar]");
  if (!line || !bar) return;
  line.textContent = name ? `Taking in ${name}` : "";
  bar.hidden = !name;
  bar.value = all ? Math.round((100 * done) / all) : 0;
}

/** Return the files of what was dropped, those within folders with their path. */
async function dropped(items) {
  const entries = [...items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const found = [];
  for (const entry of entries) await walk(entry, "", found);
  return found;
}

async function walk(entry, above, found) {
  const path = above + entry.name;
  if (entry.isFile) {
    found.push([path, await new Promise((done, failed) => entry.file(done, failed))]);
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (!some.length) return;
    for (const one of some) await walk(one, `${path}/`, found);
  }
}

/** Take what is dropped anywhere on the page. */
export function takeDrops(fault) {
  let over = 0;
  const mark = (on) => drop()?.classList.toggle("over", on);
  addEventListener("dragenter", (event) => {
    event.preventDefault();
    over += 1;
    mark(true);
  });
  addEventListener("dragleave", () => {
    over -= 1;
    if (over <= 0) mark(false);
  });
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", async (event) => {
    event.preventDefault();
    over = 0;
    mark(false);
    try {
      await receive(await dropped(event.dataTransfer.items), fault);
    } catch {
      fault({ what: "This could not be read.", todo: "Choose the file with the button instead." });
    }
  });
}
