// The words of a part in the shared document, and as an editor has them. There they are one text: a line ends with "\n", and
// what the line is are attributes of that; what a word is are attributes of the word. A place in the one is counted as a
// place in the other: a character, a break and what is foreign count one, and so does the end of a line.

import { Fragment, Mark } from "prosemirror-model";
import { ContentFormat, ContentString } from "yjs";
import { isParagraph, kindOf, safeAddress, schema } from "./schema.js";

const { nodes, marks } = schema;
export const BREAK = "\u2028";
const OF_WORDS = ["bold", "italic", "link"];

// Line ends, breaks, and the characters that nobody writes: those the server leaves out (base/rich_text/nodes.py).
const SPECIAL = /[\n\u2028\u2029\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]/g;
const isSpecial = /[\n\u2028\u2029\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]/;

const LINE_ENDS = ["\n", BREAK, "\u2029"]; // of these only the first ends a line

/** Words without the characters that nobody writes. */
export const writable = (words) => words.replace(/\r\n?/g, "\n").replace(SPECIAL, (sign) => (LINE_ENDS.includes(sign) ? "\n" : ""));

// From the shared text

/** What stands in a text: [words, attributes], or [how much, null] for what is no words. The attributes hold for that piece
    only. (`toDelta` does not count all that a foreign hand could put there.) */
function* piecesOf(text) {
  const attributes = {};
  for (let item = text._start; item; item = item.right) {
    if (item.deleted) continue;
    const { content } = item;
    if (content instanceof ContentFormat) attributes[content.key] = content.value;
    else if (content instanceof ContentString) yield [content.str, attributes];
    else if (item.countable) yield [item.length, null];
  }
}

function marksOf(attributes) {
  const found = [];
  if (attributes.bold === true) found.push(marks.bold.create());
  if (attributes.italic === true) found.push(marks.italic.create());
  const href = typeof attributes.link === "string" ? safeAddress(attributes.link) : "";
  if (href) found.push(marks.link.create({ href }));
  return found.length ? Mark.setFrom(found) : Mark.none;
}

/** Lines as they are read, piece by piece. */
class Lines {
  constructor() {
    this.done = [];
    this.open = [];
  }

  add(words, attributes) {
    const marked = marksOf(attributes);
    if (!isSpecial.test(words)) {
      this.open.push(schema.text(words, marked));
      return;
    }
    let at = 0;
    for (const { 0: sign, index } of words.matchAll(SPECIAL)) {
      if (index > at) this.open.push(schema.text(words.slice(at, index), marked));
      at = index + 1;
      if (sign === "\n") this.end(kindOf(attributes));
      else if (sign === BREAK || sign === "\u2029") this.open.push(nodes.hardBreak.create(null, null, marked));
      else this.foreign(1);
    }
    if (at < words.length) this.open.push(schema.text(words.slice(at), marked));
  }

  foreign(count) {
    for (let one = 0; one < count; one++) this.open.push(nodes.foreign.create());
  }

  end(kind) {
    this.done.push(nodes.line.create(kind, Fragment.fromArray(this.open)));
    this.open = [];
  }

  /** All lines; the last one also where nothing ends it. */
  all(whole) {
    if (this.open.length || whole || !this.done.length) this.end();
    return this.done;
  }
}

/** What a text says, as an editor's document. Never throws, whatever stands there. */
export function read(text) {
  const lines = new Lines();
  for (const [words, attributes] of piecesOf(text)) {
    if (attributes) lines.add(words, attributes);
    else lines.foreign(words);
  }
  return schema.topNodeType.create(null, lines.all(false));
}

/** The document that a text says where `doc` says it already but for the lines between two signs, the ends included. */
export function readAgain(text, doc, from, to) {
  const lines = [];
  let [start, first, last, begin, end] = [0, -1, -1, 0, 0];
  for (let at = 0; at < doc.childCount; at++) {
    const line = doc.child(at);
    const next = start + line.content.size + 1;
    if (next > from && start <= to) {
      if (first < 0) [first, begin] = [at, start];
      [last, end] = [at, next];
    }
    lines.push(line);
    start = next;
  }
  if (first < 0 || start !== text.length) return read(text);
  const again = new Lines();
  let place = 0;
  for (const [words, attributes] of piecesOf(text)) {
    if (!attributes) return read(text); // what happens to such a text is not told exactly
    const [left, right] = [Math.max(begin - place, 0), Math.min(end - place, words.length)];
    if (left < right) again.add(words.slice(left, right), attributes);
    place += words.length;
  }
  lines.splice(first, last - first + 1, ...again.all(false));
  return schema.topNodeType.create(null, lines);
}

/** Words that somebody put in, as lines of which the last has no end yet. */
export function linesOf(words, attributes) {
  const lines = new Lines();
  if (typeof words === "string") lines.add(words, attributes || {});
  else lines.foreign(1);
  return Fragment.fromArray(lines.all(true));
}

// From the editor

/** Attributes of a line's end: only what is not as in any paragraph. */
function ofLine(kind) {
  const found = {};
  for (const [name, value] of Object.entries(kind)) if (value || (name === "start" && value !== null)) found[name] = value;
  return found;
}

function ofWords(marked) {
  const found = {};
  for (const { type, attrs } of marked) found[type.name] = type === marks.link ? attrs.href : true;
  return found;
}

/** What stands from one place of a document to another: a list of {sign, look, kind, foreign, odd}. `kind` is that of a line
    that ends here; what is `foreign` cannot be written, and what is `odd` is written as something else. */
export function signsOf(doc, from, to) {
  const signs = [];
  let start = 0;
  for (let at = 0; at < doc.childCount && start < to; at++) {
    const line = doc.child(at);
    const end = start + line.content.size;
    if (end >= from) {
      const [first, last] = [Math.max(0, from - start), Math.min(line.content.size, to - start)];
      if (first < last) addWords(signs, line, first, last);
      if (end < to) signs.push({ sign: "\n", look: ofLine(line.attrs), kind: line.attrs });
    }
    start = end + 1;
  }
  return signs;
}

function addWords(signs, line, first, last) {
  line.forEach((node, offset) => {
    const [from, to] = [Math.max(first, offset), Math.min(last, offset + node.nodeSize)];
    if (from >= to) return;
    const look = ofWords(node.marks);
    if (node.type === nodes.hardBreak) signs.push({ sign: BREAK, look });
    else if (!node.isText) signs.push({ sign: "", look, foreign: true });
    else for (const sign of node.text.slice(from - offset, to - offset).split("")) signs.push(LINE_ENDS.includes(sign) ? { sign: BREAK, look, odd: true } : isSpecial.test(sign) ? { sign, look, foreign: true } : { sign, look });
  });
}

/** The attributes that make of one look the other, or null where they are alike. */
export function change(from, to) {
  if (from.kind) {
    const alike = Object.keys(to.kind).every((name) => from.kind[name] === to.kind[name]);
    // All is said, also what is not: something of a wrong type may stand there.
    return alike ? null : Object.fromEntries(Object.keys(to.kind).map((name) => [name, to.look[name] ?? null]));
  }
  if (from.look === to.look) return null;
  const names = OF_WORDS.filter((name) => from.look[name] !== to.look[name]);
  return names.length ? Object.fromEntries(names.map((name) => [name, to.look[name] ?? null])) : null;
}

// Places

/** How many signs a document has, the ends of all its lines with them. */
export const sizeOf = (doc) => doc.content.size - doc.childCount;

/** A place of the document, counted in signs. */
export function signAt(doc, pos) {
  const place = doc.resolve(pos);
  return pos - place.index(0) - (place.depth ? 1 : 0);
}

/** The place inside a line that is so many signs from the start. */
export function placeAt(doc, sign) {
  let start = 0;
  let pos = 0;
  for (let at = 0; at < doc.childCount; at++) {
    const { content, nodeSize } = doc.child(at);
    if (sign <= start + content.size) return pos + 1 + Math.max(0, sign - start);
    start += content.size + 1;
    pos += nodeSize;
  }
  return pos - 1;
}

/** Whether a text may end as this document does without a last "\n". */
export const mayEndOpen = (doc) => isParagraph(doc.lastChild.attrs) && doc.lastChild.content.size > 0;
