// What the server tells by itself, as server-sent events over fetch: an EventSource could carry no header.

import { headers } from "./server.js";

const SHORTEST = 500;
const LONGEST = 8000;

/** Hear the server as long as the page is there. `on` has a function by the name of each event, and `lost`. */
export async function follow(on) {
  let wait = SHORTEST;
  for (;;) {
    try {
      const answer = await fetch("stream", { headers, cache: "no-store" });
      if (answer.status === 403) {
        on.lost("This page was opened elsewhere, or simkl-import was started anew. Press Enter where it runs: it prints a new address.");
        return;
      }
      if (answer.ok) {
        on.lost("");
        wait = SHORTEST;
        await read(answer.body, on);
      }
    } catch {
      // It is tried again below.
    }
    on.lost("simkl-import does not answer. If it was ended, start it again: nothing is lost.");
    await new Promise((done) => setTimeout(done, wait));
    wait = Math.min(LONGEST, wait * 2);
  }
}

async function read(body, on) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += value;
    const messages = text.split("\n\n");
    text = messages.pop();
    for (const message of messages) hear(message, on);
  }
}

function hear(message, on) {
  let name = "";
  let data = "";
  for (const line of message.split("\n")) {
    if (line.startsWith("event: ")) name = line.slice(7);
    else if (line.startsWith("data: ")) data += line.slice(6);
  }
  if (name in on && data) on[name](JSON.parse(data));
}
