// Files and folders that a person picks or drops: sent one by one, as they are.

import { showFault } from "./fault.js";
import { headers, post } from "./server.js";

/**
 * A file with its name, within a folder its path.
 * @typedef {{ path: string, file: File }} Given
 */

let receiving = false;

/**
 * Take what is picked with a button.
 * @param {HTMLInputElement} input
 */
export function takePicked(input) {
  if (input.dataset.taken) return;
  input.dataset.taken = "yes";
  const take = () => receive([...(input.files ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, file })));
  input.addEventListener("change", take);
  if (input.files?.length) take(); // somebody was quicker than this script
}

/** Take what is dropped anywhere on the page. */
export function takeDrops() {
  let over = 0;
  const mark = (/** @type {boolean} */ on) => document.getElementById("drop")?.classList.toggle("over", on);
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
      await receive(await dropped(event.dataTransfer));
    } catch {
      showFault({ what: "This could not be read.", todo: "Choose the file with the button instead." });
    }
  });
}

/**
 * Send files; then have all of them read.
 * @param {Given[]} found
 */
async function receive(found) {
  if (!found.length) return;
  if (receiving) {
    showFault({ what: "Other files are still on their way.", todo: "Wait until they are here." });
    return;
  }
  receiving = true;
  const group = String(Math.random());
  const all = found.reduce((sum, { file }) => sum + file.size, 0);
  let sent = 0;
  let kept = 0;
  for (const { path, file } of found) {
    const fault = await send(path, file, group, (done) => tell(file.name, sent + done, all));
    sent += file.size;
    if (fault) showFault(fault);
    else kept += 1;
    if (fault && path.includes("/")) break; // of a folder the whole is wanted
  }
  receiving = false;
  tell("", 0, 0);
  if (!kept) return;
  const fault = await post("do/read", {});
  if (fault) showFault(fault);
}

/**
 * Send a file; return what is wrong with it, or null.
 * @param {string} path
 * @param {File} file
 * @param {string} group
 * @param {(done: number) => void} progress
 * @returns {Promise<import("./server.js").Fault | null>}
 */
function send(path, file, group, progress) {
  // Not fetch: it does not tell how far it is.
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("POST", "files");
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.setRequestHeader("X-File-Path", encoded(path));
    request.setRequestHeader("X-File-Group", group);
    request.upload.onprogress = (event) => progress(event.loaded);
    request.onload = () => done(request.status === 200 ? null : faultOf(request.responseText, file.name));
    request.onerror = () => {
      const todo = "It may be too large to be an export, or simkl-import has ended.";
      done({ what: `${file.name} could not be taken in whole.`, todo });
    };
    request.send(file);
  });
}

/**
 * @param {string} answer
 * @param {string} name
 */
function faultOf(answer, name) {
  try {
    return JSON.parse(answer);
  } catch {
    return { what: `${name} was not taken.`, todo: "Load the page again." };
  }
}

/**
 * Return a path as a header takes it. A name may hold half a letter, which no address can.
 * @param {string} path
 */
function encoded(path) {
  try {
    return encodeURIComponent(path);
  } catch {
    return encodeURIComponent(path.replace(/[\ud800-\udfff]/g, "_"));
  }
}

/**
 * @param {string} name
 * @param {number} done
 * @param {number} all
 */
function tell(name, done, all) {
  const line = document.querySelector("[data-receiving]");
  const bar = document.querySelector("[data-receiving-bar]");
  if (!line || !(bar instanceof HTMLProgressElement)) return;
  line.textContent = name ? `Taking in ${name}` : "";
  bar.hidden = !name;
  bar.value = all ? Math.round((100 * done) / all) : 0;
}

/**
 * Return the files of what was dropped, those within folders with their path.
 * @param {DataTransfer | null} transfer
 */
async function dropped(transfer) {
  // The list is empty as soon as this function waits for something.
  const entries = [...(transfer?.items ?? [])].map((item) => item.webkitGetAsEntry());
  /** @type {Given[]} */
  const found = [];
  for (const entry of entries) if (entry) await walk(entry, "", found);
  return found;
}

/**
 * @param {FileSystemEntry} entry
 * @param {string} above
 * @param {Given[]} found
 */
async function walk(entry, above, found) {
  const path = above + entry.name;
  if (entry.isFile) {
    const one = /** @type {FileSystemFileEntry} */ (entry);
    found.push({ path, file: await new Promise((done, failed) => one.file(done, failed)) });
    return;
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (!some.length) return;
    for (const one of some) await walk(one, `${path}/`, found);
  }
}
