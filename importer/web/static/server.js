// How the page speaks to its server.

const token = document.querySelector('meta[name="page-token"]').content;

export const headers = { "X-Page-Token": token };

/** Return what the server says at an address, or null where it does not answer. */
export async function ask(address) {
  try {
    const answer = await fetch(address, { headers });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

/** Send fields; return whether they were taken, and what the server said. */
export async function post(address, fields) {
  try {
    const answer = await fetch(address, {
      method: "POST",
      headers: { ...headers, "Content-Type": "application/json" },
      body: JSON.stringify(fields),
    });
    if (answer.status === 403) return { ok: false, value: { what: "The page is out of date.", todo: "Load it again." } };
    return { ok: answer.ok, value: await answer.json() };
  } catch {
    return { ok: false, value: { what: "simkl-import does not answer.", todo: "Is it still running? Start it again, nothing is lost." } };
  }
}
