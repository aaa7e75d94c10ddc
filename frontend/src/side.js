// What every page loads.
import "htmx.org/dist/htmx.esm.min.js";
import "./keep-draft.js";
import "./one-open.js";
import "./own-zone.js";
import "./answer-count.js";
import "./auto-save.js";
import "./class-list.js";
import "./copy-text.js";
import "./send-files.js";
import "./signing-out.js";
import "./week-grid.js";

// The scripts of single pages use the same store (build.mjs).
export { all, drop, keep, read, wipe } from "./device-store.js";

// A form sent twice acts once: the second press within a few seconds does nothing. (The server guards as well.)
const sent = new WeakMap();
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  const last = sent.get(event.target);
  if (last && Date.now() - last < 4000) event.preventDefault();
  else sent.set(event.target, Date.now());
});
addEventListener("pageshow", (event) => event.persisted && document.querySelectorAll("form").forEach((form) => sent.delete(form)));

// After a form was refused, what has to be put right is read first.
const faults = () => document.querySelector("[data-focus]")?.focus();
faults();
document.addEventListener("htmx:after:swap", faults);
