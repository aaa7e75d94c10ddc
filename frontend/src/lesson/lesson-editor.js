// <lesson-editor>: the text of a lesson, written by several people at once. Without script the same frame holds the words to
// read and plain forms; with it they become editors on one shared document.

import { Doc, applyUpdate } from "yjs";
import { Bar } from "./bar.js";
import { Company } from "./company.js";
import { Offer } from "./offer.js";
import { Parts } from "./parts.js";
import { sizeOf } from "./reading.js";
import { Unsent } from "./unsent.js";
import { ELSEWHERE, GONE, Wire } from "./wire.js";
import { write } from "./writing.js";

const soon = globalThis.requestIdleCallback || ((act) => setTimeout(act, 1));
const NEWS = new Set(["remarks", "versions", "files", "lesson"]);
const LATE = 1500; // what is not safe after this long is worth a word
const ENDS = { [GONE.signedOut]: "signedOut", [GONE.notYours]: "notYours", [GONE.notThere]: "notThere" };

const clock = () => new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date());

class LessonEditor extends HTMLElement {
  connectedCallback() {
    if (this.doc) return;
    this.say = this.dataset;
    this.doc = new Doc();
    this.views = new Map();
    this.written = new Set(); // the parts with words that are not safe yet
    const kinds = new Map([...this.querySelectorAll("[data-kinds] option")].map((option) => [option.value, { title: option.label, asks: option.dataset.asks || "" }]));
    this.parts = new Parts(this, this.doc, { kinds, say: this.say });
    this.company = new Company(this.doc, { own: Number(this.dataset.person), sides: JSON.parse(this.dataset.sides || "{}"), changed: () => this.showCompany() });
    this.wire = new Wire({ doc: this.doc, state: this.dataset.state, socket: this.dataset.socket, told: this });
    this.company.sends((bytes) => this.wire.sendCursor(bytes));
    this.unsent = new Unsent(this.dataset.lesson, () => ({ updates: this.wire.open, fields: this.fields() }));
    this.bar = new Bar(this.querySelector("[data-bar]"), { writing: () => this.writing(), say: this.say });
    this.begin();
  }

  async begin() {
    const left = this.unsent.left();
    if (!(await this.wire.load())) return;
    for (const [update, fields] of await left) this.bringBack(update, fields);
    this.doc.on("update", (_, origin, doc, change) => origin !== ELSEWHERE && this.noteParts(change));
    this.parts.map.observeDeep(() => this.drawParts());
    this.doc.getMap("standards").observe((_, { local }) => !local && this.shout("lesson-standards"));
    this.parts.ready = true;
    this.drawParts();
    this.classList.add("is-ready");
    addEventListener("pagehide", () => {
      this.unsent.follow();
      this.wire.stop();
    });
    addEventListener("pageshow", (event) => event.persisted && this.wire.resume());
    document.addEventListener("visibilitychange", () => document.hidden && this.unsent.follow());
    this.wire.connect();
  }

  /** What an earlier page could not send: it is part of the text again, and goes with the next change. */
  bringBack(update, fields) {
    try {
      applyUpdate(this.doc, update, ELSEWHERE);
    } catch {
      return;
    }
    for (const [title] of fields) this.keptTitles = (this.keptTitles || new Set()).add(title);
    this.wire.add(update);
  }

  // The parts

  drawParts() {
    this.parts.draw();
    for (const { id } of this.parts.shown) if (!this.views.has(id)) this.open(id);
    this.showCompany();
  }

  /** Make a part an editor: at once where it is seen or somebody goes to it, else when there is time. */
  open(id) {
    const section = this.parts.section(id);
    const { top, bottom } = section.getBoundingClientRect();
    this.views.set(id, null);
    if (top < innerHeight && bottom > 0) this.edit(id);
    else soon(() => this.edit(id));
  }

  edit(id) {
    const section = this.parts.section(id);
    if (!section || this.views.get(id)) return;
    const offer = new Offer(section);
    const words = section.querySelector("[data-words]");
    const view = write(words, this.doc.getText(`text:${id}`), {
      company: this.company,
      room: (exact) => this.room(exact),
      tooLong: () => this.tell(this.say.tooLong.replace("{limit}", this.limit.toLocaleString(document.documentElement.lang))),
      attributes: { role: "textbox", "aria-multiline": "true", "aria-labelledby": `part-${id}-title`, "aria-describedby": "lesson-keys", "aria-placeholder": words.dataset.placeholder || "", spellcheck: "true" },
      toBar: () => this.bar.focus(),
      toLink: () => this.bar.openLink(),
      changed: (now) => this.moved(now, id, offer),
    });
    this.views.set(id, view);
  }

  /** Somebody wrote or moved the cursor in a part here. */
  moved(view, id, offer) {
    if (view.hasFocus()) this.last = id;
    if (this.last !== id) return;
    this.bar.show(view);
    offer.selected(view);
  }

  writing() {
    const id = this.last || this.parts.shown[0]?.id;
    if (id && !this.views.get(id)) this.edit(id);
    return id && this.views.get(id);
  }

  get limit() {
    return Number(this.dataset.limit);
  }

  /** How many characters more there may be: a lower bound, or to the letter. */
  room(exact) {
    let used = 0;
    for (const view of this.views.values()) if (view) used += exact ? sizeOf(view.state.doc) : view.state.doc.content.size;
    return this.limit - used;
  }

  // What is not safe yet

  noteParts(change) {
    for (const type of change.changedParentTypes.keys()) {
      const name = [...this.doc.share].find(([, shared]) => shared === type)?.[0];
      if (name?.startsWith("text:")) this.written.add(name.slice("text:".length));
    }
  }

  /** The words of the parts that hold something unsafe, for a file that a person can read. */
  fields() {
    const titles = this.keptTitles || new Set();
    return this.parts.rows
      .filter((row) => this.written.has(row.id) || titles.has(this.parts.titleOf(row)))
      .map((row) => [this.parts.titleOf(row), null, this.plain(row)]);
  }

  plain(row) {
    const view = this.views.get(row.id);
    const words = view ? view.state.doc.textBetween(0, view.state.doc.content.size, "\n", "\n") : this.parts.words(row.id)?.textContent || "";
    return words.trim() ? `${this.parts.titleOf(row)}\n\n${words}` : "";
  }

  // What the line says

  changed() {
    this.unsent.changed();
    const open = this.wire.open.length > 0;
    if (!open) {
      this.written.clear();
      this.keptTitles = null;
      this.since = null;
    } else this.since ??= Date.now();
    clearTimeout(this.late);
    if (this.wire.phase === "open" && open && !this.wire.held) {
      if (Date.now() - this.since < LATE) {
        this.late = setTimeout(() => this.changed(), LATE);
        return;
      }
    }
    this.status(this.stateInWords(open));
    if (this.wire.phase !== "open") this.company.alone();
    if (this.wire.phase === "over") this.over();
  }

  stateInWords(open) {
    const { phase, held } = this.wire;
    const kept = this.unsent.holds ? this.say.unsent : this.say.unsentHere;
    if (phase === "over") return "";
    if (held) return kept;
    if (phase === "open") return open ? kept : this.say.saved.replace("{time}", clock());
    if (phase === "away") return open ? `${this.say.offline} ${kept}` : this.say.offline;
    return "";
  }

  status(words) {
    const place = this.querySelector("[data-saved]");
    if (place.textContent !== words) place.textContent = words;
    this.classList.toggle("is-away", this.wire.phase !== "open");
  }

  opened() {
    this.company.again();
  }

  who(people) {
    this.company.who(people);
  }

  cursor(person, bytes) {
    this.company.cursor(person, bytes);
  }

  news(of) {
    this.shout("lesson:news", { of });
    if (NEWS.has(of)) this.shout(`lesson-${of}`);
  }

  shout(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
  }

  /** Nobody takes in what was written: it stays on the page and on the device, and can be had as a file. */
  refused(why, sentence) {
    this.trouble(why ? sentence || this.say[why === "too_large" ? "tooLarge" : "refused"] : "", { letGo: why && why !== "too_long" });
  }

  over() {
    const open = this.wire.open.length > 0;
    this.trouble(this.say[ENDS[this.wire.code]] + (open ? ` ${this.say.kept}` : ""), { file: open, enter: this.wire.code === GONE.signedOut });
    if (this.wire.code === GONE.signedOut) return;
    for (const view of this.views.values()) view?.setProps({ editable: () => false });
    this.parts.ready = false;
    this.querySelector("[data-bar]").hidden = true;
  }

  trouble(sentence, { file = true, letGo = false, enter = false } = {}) {
    const place = this.querySelector("[data-trouble]");
    if (!sentence) {
      place.hidden = true;
      place.replaceChildren();
      delete place.dataset.says;
      return;
    }
    if (place.dataset.says === sentence) return;
    place.dataset.says = sentence;
    const words = document.createElement("p");
    words.textContent = sentence;
    const acts = document.createElement("div");
    acts.className = "row";
    if (enter) acts.append(this.way("a", this.say.enter, (link) => (link.href = this.dataset.signIn)));
    if (file) acts.append(this.way("button", this.say.file, (button) => button.addEventListener("click", () => this.asFile())));
    if (letGo) acts.append(this.way("button", this.say.letGo, (button) => button.addEventListener("click", () => this.letGo())));
    place.replaceChildren(words, acts);
    place.hidden = false;
  }

  way(kind, label, with_) {
    const made = document.createElement(kind);
    if (kind === "button") made.type = "button";
    made.className = "button button--quiet";
    made.textContent = label;
    with_(made);
    return made;
  }

  asFile() {
    const words = this.fields().map(([, , text]) => text).filter(Boolean).join("\n\n----\n\n");
    const link = document.createElement("a");
    link.download = "unsent.txt";
    link.href = URL.createObjectURL(new Blob([words], { type: "text/plain" }));
    link.click();
  }

  /** Go back to what the server has. */
  async letGo() {
    this.wire.unsent = [];
    this.wire.sent.clear();
    await this.unsent.follow();
    location.reload();
  }

  // Who is here

  showCompany() {
    if (!this.parts?.ready) return;
    const { others, places } = this.company;
    const line = this.querySelector("[data-here]");
    const said = others.map(({ id, name }) => `${id}/${name}`).join();
    if (line.dataset.said !== said) {
      line.dataset.said = said;
      line.replaceChildren(...this.hereInWords(others));
    }
    for (const { id } of this.parts.shown) {
      const place = this.parts.section(id)?.querySelector("[data-writes]");
      const here = [...(places.get(id) || [])].map((person) => this.company.people.get(person));
      const now = here.map((person) => person.id).join();
      if (!place || (place.dataset.said || "") === now) continue;
      place.dataset.said = now;
      place.replaceChildren(...this.hereInWords(here, "hidden"));
    }
  }

  /** "Ana and Ben are here", each name in its own direction and its own hue; `quiet` is how the rest is shown. */
  hereInWords(people, quiet = "") {
    if (!people.length) return [];
    const said = (people.length > 1 ? this.say.hereMany : this.say.hereOne).split("{names}");
    const [before, after] = said.map((words) => {
      const rest = document.createElement("span");
      rest.className = quiet;
      rest.textContent = words;
      return words && rest;
    });
    const names = people.map(({ name }) => name);
    const list = new Intl.ListFormat(document.documentElement.lang, { type: "conjunction" });
    let at = 0;
    const pieces = list.formatToParts(names).map(({ type, value }) => {
      if (type !== "element") return value;
      const name = document.createElement("bdi");
      name.className = `lesson-name lesson-name--${this.company.side(people[at++].id)}`;
      name.textContent = value;
      return name;
    });
    return [before, ...pieces, after].filter(Boolean);
  }

  /** A sentence for a moment, read out. */
  tell(sentence) {
    const place = this.querySelector("[data-told]");
    place.textContent = sentence;
    clearTimeout(this.telling);
    this.telling = setTimeout(() => (place.textContent = ""), 12_000);
  }
}

customElements.define("lesson-editor", LessonEditor);
