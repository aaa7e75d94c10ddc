// The parts of a lesson on the page: which there are, their order, their names and minutes. To move or remove a part changes
// what is said of it and never its words. What others do comes in without taking the cursor away from anybody.

import { Map as SharedMap } from "yjs";

const ID = /^[a-z0-9]{1,40}$/;
const BLANK = "newpart0";
const STEP = 1024;
const MOST = 60;
const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

const number = (value) => (typeof value === "number" && Number.isFinite(value) ? value : 0);
const line = (value) => (typeof value === "string" ? value.replace(/\s+/g, " ").trim().slice(0, 120) : "");
const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => LETTERS[byte % LETTERS.length]).join("");

/** The parts as a list in their order, the removed ones too. */
export function rows(map) {
  const found = [];
  for (const [id, raw] of map) {
    if (!ID.test(id) || !(raw instanceof SharedMap)) continue;
    const minutes = Math.round(Math.min(1000, Math.max(0, number(raw.get("minutes")))));
    found.push({ id, raw, kind: line(raw.get("kind")), title: line(raw.get("title")), place: number(raw.get("place")), minutes, removed: raw.get("removed") === true });
  }
  return found.sort((one, other) => one.place - other.place || (one.id < other.id ? -1 : 1)).slice(0, MOST);
}

export class Parts {
  /** `element` is the frame; `kinds` maps a kind to {title, asks}; `say` holds the sentences. */
  constructor(element, doc, { kinds, say }) {
    Object.assign(this, { element, doc, kinds, say });
    this.map = doc.getMap("parts");
    this.list = element.querySelector("[data-parts]");
    this.blank = element.querySelector("template[data-blank]");
    element.addEventListener("submit", (event) => this.submitted(event), true);
    element.addEventListener("keydown", (event) => event.key === "Escape" && this.shut(event.target.closest("details[open].lesson-part__arrange")));
    document.addEventListener("pointerdown", ({ target }) => {
      for (const open of this.list.querySelectorAll("details[open].lesson-part__arrange")) if (!open.contains(target)) open.open = false;
    });
  }

  get rows() {
    return rows(this.map);
  }

  get shown() {
    return this.rows.filter((row) => !row.removed);
  }

  section(id) {
    return this.list.querySelector(`[data-part="${id}"]`);
  }

  titleOf({ kind, title }) {
    return title || (this.kinds.get(kind) || this.kinds.get("other")).title;
  }

  // To show

  /** Make the page say what the document says. Returns the sections that are new. */
  draw() {
    const all = this.rows;
    const fresh = [];
    if (!all.length) return fresh; // a document without parts says nothing about those of the page
    for (const row of all) {
      let section = this.section(row.id);
      if (!section) {
        if (row.removed) continue;
        section = this.made(row.id);
        fresh.push(section);
      }
      this.name(section, row);
      this.showRemoved(section, row);
    }
    const known = new Set(all.map((row) => row.id));
    for (const section of this.list.querySelectorAll("[data-part]")) if (!known.has(section.dataset.part)) section.remove();
    this.order(all.map((row) => this.section(row.id)).filter(Boolean));
    for (const section of fresh) globalThis.htmx?.process?.(section);
    return fresh;
  }

  /** A section for a part that somebody has added. */
  made(id) {
    const copy = this.blank.content.cloneNode(true);
    for (const each of copy.querySelectorAll("*")) {
      for (const { name, value } of [...each.attributes]) if (value.includes(BLANK)) each.setAttribute(name, value.replaceAll(BLANK, id));
    }
    const section = copy.querySelector("[data-part]");
    this.list.append(section);
    return section;
  }

  name(section, row) {
    const title = this.titleOf(row);
    for (const place of section.querySelectorAll("[data-title]")) if (place.textContent !== title) place.textContent = title;
    const minutes = section.querySelector("[data-minutes]");
    minutes.textContent = row.minutes ? this.say.minutes.replace("{number}", row.minutes) : "";
    minutes.hidden = !row.minutes;
    const words = section.querySelector("[data-words]");
    words.dataset.placeholder = (this.kinds.get(row.kind) || this.kinds.get("other")).asks;
    // (a hint is allowed where something can be written: an editor brings it along)
    if (words.hasAttribute("role")) words.setAttribute("aria-placeholder", words.dataset.placeholder);
    const form = section.querySelector("form[data-about]");
    if (form && !form.contains(document.activeElement)) {
      form.elements.title.value = row.title;
      form.elements.title.placeholder = this.kinds.get(row.kind)?.title || "";
      form.elements.minutes.value = row.minutes || "";
    }
  }

  showRemoved(section, row) {
    const was = "removed" in section.dataset;
    if (row.removed === was) return;
    if (!row.removed) {
      delete section.dataset.removed;
      section.querySelector("[data-gone]")?.remove();
      return;
    }
    section.dataset.removed = "";
    const gone = document.createElement("p");
    gone.className = "lesson-part__gone";
    gone.dataset.gone = "";
    gone.setAttribute("role", "status");
    const name = document.createElement("bdi");
    name.textContent = this.titleOf(row);
    const [before, after] = this.say.removed.split("{part}");
    const back = document.createElement("button");
    back.type = "button";
    back.className = "link";
    back.textContent = this.say.undo;
    back.addEventListener("click", () => {
      row.raw.set("removed", false);
      this.words(row.id)?.focus();
    });
    gone.append(before, name, after, " ", back);
    section.append(gone);
  }

  words(id) {
    return this.section(id)?.querySelector("[data-words]");
  }

  /** Put the sections in order by moving the others around the one that somebody works in; it stays where it is seen. */
  order(sections) {
    if (sections.every((section, at) => section === this.list.children[at])) return;
    const still = sections.find((section) => section.contains(document.activeElement));
    const before = still?.getBoundingClientRect().top;
    const at = sections.indexOf(still);
    sections.forEach((section, place) => {
      if (section === still) return;
      if (place < at) still.before(section);
      else this.list.append(section);
    });
    if (still) scrollBy(0, still.getBoundingClientRect().top - before);
  }

  // To change

  /** The plain forms around the parts, done here in the document. */
  submitted(event) {
    const form = event.target;
    const act = form.dataset.act;
    if (!act || !this.ready) return;
    event.preventDefault();
    event.stopPropagation();
    const id = form.closest("[data-part]")?.dataset.part;
    if (act === "add") this.add(form.elements.kind.value);
    else if (act === "about") this.about(id, form);
    else if (act === "removal") this.remove(id);
    else if (act === "place") this.move(id, (event.submitter || form.querySelector("button")).value);
  }

  add(kind) {
    const all = this.rows;
    if (all.length >= MOST) {
      this.element.tell(this.say.mostParts);
      return;
    }
    const id = newId();
    const part = new SharedMap(Object.entries({ kind, title: "", place: all.length ? all[all.length - 1].place + STEP : STEP, minutes: 0, removed: false }));
    this.map.set(id, part);
    const words = this.words(id);
    words.focus({ preventScroll: true });
    this.section(id).scrollIntoView({ block: "center" });
  }

  about(id, form) {
    const { title, minutes } = form.elements;
    this.doc.transact(() => {
      const part = this.map.get(id);
      if (line(title.value) !== part.get("title")) part.set("title", line(title.value));
      const said = Math.round(Math.min(1000, Math.max(0, Number(minutes.value) || 0)));
      if (said !== part.get("minutes")) part.set("minutes", said);
    });
    this.shut(form.closest("details"));
  }

  shut(details) {
    if (!details) return;
    details.open = false;
    details.querySelector("summary").focus();
  }

  remove(id) {
    this.map.get(id).set("removed", true);
    this.section(id).querySelector("[data-gone] button").focus();
  }

  move(id, way) {
    const shown = this.shown;
    const at = shown.findIndex((row) => row.id === id);
    const to = at + (way === "up" ? -1 : 1);
    if (at < 0 || to < 0 || to >= shown.length) return;
    const title = this.titleOf(shown[at]);
    this.doc.transact(() => this.put([...shown], at, to));
    this.element.tell(this.say.moved.replace("{part}", () => title).replace("{place}", to + 1).replace("{count}", shown.length));
  }

  /** A place between its new neighbours; where there is no number left between them, all get new ones. */
  put(parts, at, to) {
    const [row] = parts.splice(at, 1);
    const before = parts[to - 1]?.place;
    const behind = parts[to]?.place;
    const place = before === undefined ? behind - STEP : behind === undefined ? before + STEP : (before + behind) / 2;
    if (place > (before ?? -Infinity) && place < (behind ?? Infinity)) {
      row.raw.set("place", place);
      return;
    }
    parts.splice(to, 0, row);
    parts.forEach((each, order) => each.raw.set("place", (order + 1) * STEP));
  }
}
