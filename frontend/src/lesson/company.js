// Who else is here, and where they write. Names come from the server alone; what the browsers of others send of their
// cursors is looked through first, as anything may stand in it.

import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { createAbsolutePositionFromRelativePosition, createRelativePositionFromJSON } from "yjs";
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate, removeAwarenessStates } from "y-protocols/awareness";
import { ELSEWHERE } from "./wire.js";

const SIDES = ["one", "two", "three", "four", "five"];
const PAUSE = 150; // a cursor that moves is shown this often
const FRESH = 4000; // and its name that long

const isNumber = (value) => Number.isSafeInteger(value) && value >= 0;
const isId = (id) => id === null || id === undefined || (typeof id === "object" && isNumber(id.client) && isNumber(id.clock));

/** A place in the text, as Yjs writes it. */
function isPlace(place) {
  if (!place || typeof place !== "object") return false;
  const named = place.tname === null || place.tname === undefined || typeof place.tname === "string";
  return named && isId(place.type) && isId(place.item) && (place.assoc === undefined || Number.isInteger(place.assoc));
}

/** The same message with nothing but cursors in it; null where it is none. */
function cursorsAlone(bytes) {
  const read = decoding.createDecoder(bytes);
  const made = encoding.createEncoder();
  const count = decoding.readVarUint(read);
  if (count > 20) return null;
  const clients = [];
  encoding.writeVarUint(made, count);
  for (let at = 0; at < count; at++) {
    const client = decoding.readVarUint(read);
    const clock = decoding.readVarUint(read);
    const state = JSON.parse(decoding.readVarString(read));
    const cursor = state?.cursor;
    const good = cursor && isPlace(cursor.anchor) && isPlace(cursor.head);
    encoding.writeVarUint(made, client);
    encoding.writeVarUint(made, clock);
    encoding.writeVarString(made, JSON.stringify(state && (good ? { cursor: { anchor: cursor.anchor, head: cursor.head } } : {})));
    clients.push(client);
  }
  return { clients, bytes: encoding.toUint8Array(made) };
}

export class Company {
  /** `own` is the person's number; `sides` says whose leaf has which hue; `changed` hears of every change. */
  constructor(doc, { own, sides, changed }) {
    Object.assign(this, { doc, own, sides, changed });
    this.awareness = new Awareness(doc);
    this.awareness.setLocalState({});
    this.people = new Map();
    this.whose = new Map(); // client -> person
    this.fresh = new Map();
    this.parts = new Map(); // client -> the part where she was last
    this.awareness.on("change", ({ added, updated }) => {
      for (const client of [...added, ...updated]) this.freshen(client);
      this.changed();
    });
  }

  /** `send` is given every change of one's own cursor, as bytes. */
  sends(send) {
    this.awareness.on("update", ({ added, updated, removed }, origin) => {
      if (origin === ELSEWHERE || ![...added, ...updated, ...removed].includes(this.doc.clientID)) return;
      this.soon ??= setTimeout(() => {
        this.soon = null;
        send(encodeAwarenessUpdate(this.awareness, [this.doc.clientID]));
      }, PAUSE);
    });
  }

  /** Show the name at a cursor for a while. */
  freshen(client) {
    const show = (on) => document.querySelectorAll(`[data-cursor="${client}"]`).forEach((line) => line.classList.toggle("is-fresh", on));
    clearTimeout(this.fresh.get(client));
    show(true);
    this.fresh.set(
      client,
      setTimeout(() => {
        this.fresh.delete(client);
        show(false);
      }, FRESH),
    );
  }

  /** Say once more where one is: to who has just come. */
  again() {
    this.awareness.setLocalState(this.awareness.getLocalState() || {});
  }

  who(people) {
    const before = new Set(this.whose.keys());
    this.people = new Map(people.map((person) => [person.id, person]));
    this.whose = new Map(people.flatMap(({ id, clients }) => clients.map((client) => [client, id])));
    const gone = [...this.awareness.getStates().keys()].filter((client) => client !== this.doc.clientID && !this.whose.has(client));
    if (gone.length) removeAwarenessStates(this.awareness, gone, ELSEWHERE);
    if ([...this.whose.keys()].some((client) => client !== this.doc.clientID && !before.has(client))) this.again();
    this.changed();
  }

  /** Somebody's cursor: the server says whose. */
  cursor(person, bytes) {
    let found = null;
    try {
      found = cursorsAlone(bytes);
    } catch {
      // no cursor at all
    }
    if (!found || found.clients.includes(this.doc.clientID)) return;
    for (const client of found.clients) this.whose.set(client, person);
    applyAwarenessUpdate(this.awareness, found.bytes, ELSEWHERE);
  }

  /** All others go when the line breaks. */
  alone() {
    const others = [...this.awareness.getStates().keys()].filter((client) => client !== this.doc.clientID);
    this.people.clear();
    this.whose.clear();
    if (others.length) removeAwarenessStates(this.awareness, others, ELSEWHERE);
    this.changed();
  }

  name(client) {
    return this.people.get(this.whose.get(client))?.name || "";
  }

  /** The hue of a person: that of her leaf on this page, else one of her own. */
  side(person) {
    if (this.sides[person]) return this.sides[person];
    const taken = new Set([...Object.values(this.sides), this.sides[this.own] ? "" : "one"]);
    const free = SIDES.filter((side) => !taken.has(side));
    const order = [...this.people.keys()].filter((id) => !this.sides[id] && id !== this.own).sort((a, b) => a - b);
    return (free.length ? free : SIDES)[Math.max(0, order.indexOf(person)) % (free.length || SIDES.length)];
  }

  sideOf(client) {
    return this.side(this.whose.get(client));
  }

  /** The others, in words: [{id, name}], without oneself. */
  get others() {
    return [...this.people.values()].filter((person) => person.id !== this.own && person.clients.length);
  }

  /** Who writes in which part: part id -> Set of person ids. */
  get places() {
    const found = new Map();
    for (const [client, state] of this.awareness.getStates()) {
      const person = this.whose.get(client);
      if (client === this.doc.clientID || person === this.own || !state.cursor || !this.people.has(person)) continue;
      const part = this.partOf(state.cursor.head) || this.parts.get(client); // (its words may not have come yet)
      this.parts.set(client, part);
      if (part) found.set(part, (found.get(part) || new Set()).add(person));
    }
    return found;
  }

  partOf(place) {
    let name = place.tname;
    if (!name) {
      const position = createAbsolutePositionFromRelativePosition(createRelativePositionFromJSON(place), this.doc);
      let type = position?.type;
      while (type?._item) type = type._item.parent;
      name = type && [...this.doc.share].find(([, shared]) => shared === type)?.[0];
    }
    return name?.startsWith("text:") ? name.slice("text:".length) : "";
  }

  /** Whether anything is shown of a client's cursor: its person is known, and it is not this page. */
  isShown(client) {
    return client !== this.doc.clientID && Boolean(this.name(client));
  }

  /** What is shown of somebody's cursor: a line, and a leaf with the name. */
  line(client) {
    const line = document.createElement("span");
    line.className = `lesson-cursor lesson-cursor--${this.sideOf(client)}${this.fresh.has(client) ? " is-fresh" : ""}`;
    line.dataset.cursor = client;
    const flag = document.createElement("span");
    flag.className = "lesson-cursor__name";
    flag.dir = "auto";
    flag.textContent = this.name(client);
    line.append("\u2060", flag, "\u2060");
    return line;
  }

  /** And of the words that somebody has selected. */
  selection(client) {
    return { class: `lesson-selection lesson-selection--${this.sideOf(client)}` };
  }
}
