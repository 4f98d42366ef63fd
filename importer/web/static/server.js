// How the page speaks to its server.

import { within } from "./dom.js";

/**
 * What went wrong, and what to do about it.
 * @typedef {{ what: string, todo: string }} Fault
 */

const token = within(document, 'meta[name="page-token"]', HTMLMetaElement).content;

/** @type {Record<string, string>} */
export const headers = { "X-Page-Token": token };

const OUT_OF_DATE = { what: "The page is out of date.", todo: "Load it again." };
const SILENT = { what: "simkl-import does not answer.", todo: "Is it still running? Start it again, nothing is lost." };

/**
 * Return what the server says at an address, or null where it does not answer.
 * @param {string} address
 * @returns {Promise<any>}
 */
export async function ask(address) {
  try {
    const answer = await fetch(address, { headers });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

/**
 * Send fields; return what is wrong with them, or null where they were taken.
 * @param {string} address
 * @param {Record<string, unknown>} fields
 * @returns {Promise<Fault | null>}
 */
export async function post(address, fields) {
  try {
    const answer = await fetch(address, {
      method: "POST",
      headers: { ...headers, "Content-Type": "application/json" },
      body: JSON.stringify(fields),
    });
    if (answer.status === 403) return OUT_OF_DATE;
    return answer.ok ? null : await answer.json();
  } catch {
    return SILENT;
  }
}
