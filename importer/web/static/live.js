// How far something is: numbers that move, a sentence now and then for who hears the page, and the time that is left.

const say = document.getElementById("say");
const EVERY = 10_000;

let spoken = 0;
let phase = "";

/** Show how far the server is with what it does; null: nothing is under way. */
export function showLive(live) {
  for (const box of document.querySelectorAll("[data-live]")) {
    if (!live) continue;
    const bar = box.querySelector("[data-live-bar]");
    if (live.total) {
      bar.max = live.total;
      bar.value = live.done;
    } else bar.removeAttribute("value");
    put(box, "phase", live.phase || "beginning");
    put(box, "done", live.total ? `${number(live.done)} of ${number(live.total)}` : "");
    put(box, "left", [live.left, live.rate ? `${live.rate} a second` : ""].filter(Boolean).join(", "));
    put(box, "cost", live.cost);
    put(box, "waits", live.stopping ? "Stopping: what is on its way is finished." : live.waits ? `Simkl: ${live.waits}. It goes on in ${live.again} s.` : "");
  }
  if (live && live.doing) speak(live);
}

function speak(live) {
  const now = Date.now();
  if (!live.total || (live.phase === phase && now - spoken < EVERY)) return;
  spoken = now;
  phase = live.phase;
  say.textContent = `${live.phase}: ${number(live.done)} of ${number(live.total)}. ${live.left}`;
}

function put(box, name, text) {
  const place = box.querySelector(`[data-live-${name}]`);
  if (place.textContent !== text) place.textContent = text;
}

function number(value) {
  return value.toLocaleString("en-US");
}

/** Show how long a code still holds. */
export function countDown(place) {
  const ends = Number(place.dataset.ends) * 1000;
  const show = () => {
    if (!place.isConnected) return;
    const left = Math.max(0, Math.round((ends - Date.now()) / 1000));
    place.textContent = left ? `The code holds ${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")} more.` : "The code has run out.";
    if (left) setTimeout(show, 1000);
  };
  show();
}
