// What the server tells by itself, as server-sent events over fetch: an EventSource could carry no header.

import { headers } from "./server.js";

const SHORTEST = 500;
const LONGEST = 8000;
const ELSEWHERE =
  "This page was opened elsewhere, or simkl-import was started anew. Press Enter where it runs: it prints a new address.";
const SILENT = "simkl-import does not answer. If it was ended, start it again: nothing is lost.";

/**
 * What is done about each event, by its name; `lost` hears why the server cannot be heard, "" where it can.
 * @typedef {{
 *   changed: (value: { version: number }) => void,
 *   progress: (value: import("./live.js").Live) => void,
 *   lost: (why: string) => void,
 * }} Ears
 */

/**
 * Hear the server as long as the page is there.
 * @param {Ears} ears
 */
export async function follow(ears) {
  let wait = SHORTEST;
  for (;;) {
    try {
      const answer = await fetch("stream", { headers, cache: "no-store" });
      if (answer.status === 403) {
        ears.lost(ELSEWHERE);
        return;
      }
      if (answer.ok && answer.body) {
        ears.lost("");
        wait = SHORTEST;
        await read(answer.body, ears);
      }
    } catch {
      // It is tried again below.
    }
    ears.lost(SILENT);
    await new Promise((done) => setTimeout(done, wait));
    wait = Math.min(LONGEST, wait * 2);
  }
}

/**
 * @param {ReadableStream<Uint8Array>} body
 * @param {Ears} ears
 */
async function read(body, ears) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += decoder.decode(value, { stream: true });
    const messages = text.split("\n\n");
    text = messages.pop() ?? "";
    for (const message of messages) hear(message, ears);
  }
}

/**
 * @param {string} message
 * @param {Ears} ears
 */
function hear(message, ears) {
  let name = "";
  let data = "";
  for (const line of message.split("\n")) {
    if (line.startsWith("event: ")) name = line.slice(7);
    else if (line.startsWith("data: ")) data += line.slice(6);
  }
  if (!data) return;
  if (name === "changed") ears.changed(JSON.parse(data));
  else if (name === "progress") ears.progress(JSON.parse(data));
}
