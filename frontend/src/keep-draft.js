// <keep-draft key="note-7"><form>…: what is written there is kept on the device until the server has it.

import { drop, keep, read } from "./device-store.js";

const SKIPPED = new Set(["hidden", "password", "file", "submit", "button", "reset", "image"]);

/** The fields a person can change, and the version they belong to. */
const written = (form) => [...form.elements].filter((field) => field.name && (!SKIPPED.has(field.type) || field.name === "version"));

const valueOf = (field) => {
  if (field.type === "checkbox" || field.type === "radio") return field.checked;
  if (field.multiple) return [...field.selectedOptions].map((option) => option.value);
  return field.value;
};

/** What the form holds now: a list of [name, value of a choice or null, content]. */
export const snapshot = (form) =>
  written(form).map((field) => [field.name, typeof valueOf(field) === "boolean" ? field.value : null, valueOf(field)]);

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const withoutVersion = (fields) => fields.filter(([name]) => name !== "version");

function fill(form, fields) {
  for (const [name, choice, content] of fields) {
    const field = written(form).find((one) => one.name === name && (choice === null || one.value === choice));
    if (!field) continue;
    if (choice !== null) field.checked = content;
    else if (Array.isArray(content)) for (const option of field.options) option.selected = content.includes(option.value);
    else field.value = content;
  }
}

export const clock = (moment) =>
  new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(moment));

// The server names the draft it has taken in a cookie of that one answer. It goes when the draft is gone, not before:
// somebody may leave the page in between.
async function settle() {
  const found = document.cookie.split("; ").find((one) => one.startsWith("sent_drafts="));
  if (!found) return;
  await drop(decodeURIComponent(found.slice("sent_drafts=".length)));
  document.cookie = "sent_drafts=; path=/; max-age=0; samesite=lax";
}
let settled = settle();
document.addEventListener("htmx:after:request", () => {
  settled = settled.then(settle);
});

export class KeepDraft extends HTMLElement {
  async connectedCallback() {
    this.form = this.querySelector("form");
    if (!this.form || this.listening) return;
    this.listening = new AbortController();
    const { signal } = this.listening;
    this.sendsKey();
    this.start = snapshot(this.form);
    this.seen = JSON.stringify(this.start);
    this.form.addEventListener("input", () => this.noticed(), { signal });
    this.form.addEventListener("change", () => this.noticed(), { signal });
    this.form.addEventListener("submit", (event) => this.sending(event), { signal });
    addEventListener("pagehide", () => this.flush(), { signal });
    document.addEventListener("visibilitychange", () => document.hidden && this.flush(), { signal });
    await this.bringBack();
  }

  disconnectedCallback() {
    this.flush();
    this.listening?.abort();
    this.listening = null;
  }

  get key() {
    return this.getAttribute("key");
  }

  /** The form says which draft it carries, so that the answer can say that it has arrived. */
  sendsKey() {
    if (this.form.elements.draft) return;
    const carried = document.createElement("input");
    carried.type = "hidden";
    carried.name = "draft";
    carried.value = this.key;
    this.form.append(carried);
  }

  /** A field speaks twice, when it is written in and when it is left: only what differs counts. */
  noticed() {
    const now = JSON.stringify(snapshot(this.form));
    if (now === this.seen) return;
    this.seen = now;
    this.changed();
  }

  changed() {
    this.dirty = true;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.flush(), 300);
  }

  flush() {
    clearTimeout(this.waiting);
    if (!this.dirty) return null;
    this.dirty = false;
    return keep(this.key, { at: Date.now(), page: location.pathname, fields: snapshot(this.form) });
  }

  sending(event) {
    this.dirty = true;
    this.flush();
    if (!navigator.onLine) {
      event.preventDefault();
      this.say(this.dataset.offline);
    }
  }

  async bringBack() {
    const before = this.start;
    await settled;
    const draft = await read(this.key);
    if (!draft || !same(before, snapshot(this.form))) return; // she has begun to write anew
    if (same(withoutVersion(draft.fields), withoutVersion(before))) {
      await drop(this.key);
      return;
    }
    fill(this.form, draft.fields);
    this.seen = JSON.stringify(snapshot(this.form));
    this.form.dispatchEvent(new Event("draftback", { bubbles: true }));
    const words = this.say(this.dataset.back.replace("{time}", clock(draft.at)));
    const discard = document.createElement("button");
    discard.type = "button";
    discard.className = "link";
    discard.textContent = this.dataset.discard;
    discard.addEventListener("click", async () => {
      clearTimeout(this.waiting);
      this.dirty = false;
      fill(this.form, before);
      this.seen = JSON.stringify(before);
      await drop(this.key);
      this.line.remove();
      this.line = null;
      written(this.form).find((field) => field.type !== "hidden")?.focus();
    });
    words.append(discard);
  }

  /** One line of words above the form, read out where somebody listens. */
  say(text) {
    if (!this.line) {
      this.line = document.createElement("div");
      this.line.className = "back";
      this.line.setAttribute("role", "status");
      this.prepend(this.line);
    }
    const words = document.createElement("p");
    words.textContent = text;
    this.line.replaceChildren(words);
    return this.line;
  }
}

customElements.define("keep-draft", KeepDraft);
