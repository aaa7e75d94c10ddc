// <auto-save key="goal-7"><form>…: the form is sent quietly while one types, and words say how it went.
//
// The server answers a post with the header X-Autosave: 200 {saved: "10:42", version: 4}; 409 {theirs: html,
// text: plain, version: 5} when somebody else was first; 401 when the session is over; 400 or 422 when a field
// is not right yet. Until it has answered, the words are kept on the device, as in <keep-draft>.

import { drop } from "./device-store.js";
import { KeepDraft, snapshot } from "./keep-draft.js";

const PAUSE = 1000;
const LONGEST = 10000; // also somebody who never pauses is saved

class AutoSave extends KeepDraft {
  async connectedCallback() {
    this.status = this.querySelector(".saved");
    this.patience = 5000;
    const ready = super.connectedCallback();
    if (!this.form) return;
    const { signal } = this.listening;
    addEventListener("online", () => this.unsaved && this.save(), { signal });
    addEventListener("pagehide", () => this.unsaved && this.save({ keepalive: true }), { signal });
    this.form.addEventListener("draftback", () => this.changed(), { signal });
    await ready;
  }

  disconnectedCallback() {
    clearTimeout(this.pause);
    super.disconnectedCallback();
  }

  changed() {
    super.changed();
    this.unsaved ||= Date.now();
    if (this.conflict) return;
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.save(), Math.max(0, Math.min(PAUSE, this.unsaved + LONGEST - Date.now())));
  }

  sending(event) {
    clearTimeout(this.pause);
    if (this.busy) {
      // Waits for what is on its way: overtaking it, the form would find that somebody else was first, herself.
      event.preventDefault();
      event.stopImmediatePropagation();
      this.pressed = { by: event.submitter };
      return;
    }
    this.unsaved = 0;
    super.sending(event);
    if (event.defaultPrevented) this.unsaved = Date.now();
  }

  async save(options = {}) {
    if (this.busy) {
      this.again = true;
      return;
    }
    clearTimeout(this.pause);
    this.busy = true;
    const sent = JSON.stringify(snapshot(this.form));
    const body = new FormData(this.form);
    body.delete("once"); // the mark that lets a form act a single time stays for the button
    try {
      const answer = await fetch(this.form.getAttribute("action") || location.href, {
        method: "POST",
        body,
        headers: { "X-Autosave": "1", Accept: "application/json" },
        redirect: "manual",
        ...options,
      });
      await this.answered(answer, sent);
      this.patience = 5000;
    } catch {
      this.later();
    } finally {
      this.busy = false;
    }
    if (this.pressed) {
      const { by } = this.pressed;
      this.pressed = null;
      this.again = false;
      this.form.requestSubmit(by);
    } else if (this.again) {
      this.again = false;
      this.changed();
    }
  }

  async answered(answer, sent) {
    if (answer.ok) {
      const { saved, version } = await answer.json();
      const unchanged = JSON.stringify(snapshot(this.form)) === sent;
      this.takeVersion(version);
      this.tell(this.dataset.saved.replace("{time}", saved));
      if (!unchanged) return;
      this.unsaved = 0;
      this.dirty = false;
      clearTimeout(this.waiting);
      this.line?.remove();
      this.line = null;
      await drop(this.key);
    } else if (answer.status === 409) {
      this.showBoth(await answer.json());
    } else if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
      this.tell(this.dataset.lost);
    } else if (answer.status < 500) {
      this.tell(this.dataset.refused);
    } else {
      throw new Error(`answered ${answer.status}`);
    }
  }

  /** The version that the next post builds on. It is no change of hers. */
  takeVersion(version) {
    const field = this.form.elements.version;
    if (version === undefined || !field) return;
    const same = this.seen === JSON.stringify(snapshot(this.form));
    field.value = version;
    if (same) this.seen = JSON.stringify(snapshot(this.form));
  }

  later() {
    this.tell(this.dataset.offline);
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.unsaved && this.save(), this.patience);
    this.patience = Math.min(this.patience * 2, 120000);
  }

  /** Said once: the same words are not read out again at every save. */
  tell(text) {
    if (this.status && this.status.textContent !== text) this.status.textContent = text;
  }

  showBoth({ theirs, text, version }) {
    this.conflict?.remove();
    this.conflict = document.createElement("div");
    this.conflict.className = "conflict";
    this.conflict.setAttribute("role", "alert");
    const words = document.createElement("p");
    words.textContent = this.dataset.conflict;
    const other = document.createElement("div");
    other.className = "conflict__theirs";
    other.innerHTML = theirs; // the server's own, cleaned markup
    const acts = document.createElement("div");
    acts.className = "row";
    acts.append(this.choice(this.dataset.mine, version, () => {}));
    const field = this.form.querySelector("textarea, input[type='text']");
    if (text !== undefined && field) {
      acts.append(this.choice(this.dataset.theirs, version, async () => {
        await navigator.clipboard?.writeText(field.value).catch(() => {});
        field.value = text;
      }));
    }
    this.conflict.append(words, other, acts);
    this.append(this.conflict);
    this.tell("");
  }

  choice(label, version, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--quiet";
    button.textContent = label;
    button.addEventListener("click", async () => {
      await act();
      this.takeVersion(version);
      this.conflict.remove();
      this.conflict = null;
      this.changed();
      this.save();
      this.form.querySelector("textarea, input[type='text']")?.focus();
    });
    return button;
  }
}

customElements.define("auto-save", AutoSave);
