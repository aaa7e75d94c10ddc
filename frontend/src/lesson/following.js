// Places in an editor's document and in the text that it shows, and how the one follows the other.

import { Fragment, Slice } from "prosemirror-model";
import { TextSelection } from "prosemirror-state";
import { ReplaceStep } from "prosemirror-transform";
import { linesOf, placeAt, signAt, signsOf, sizeOf } from "./reading.js";

export const high = (sign) => sign >= "\ud800" && sign <= "\udbff";
export const low = (sign) => sign >= "\udc00" && sign <= "\udfff";

/** Whether a place lies between the two halves of one character, which must not be parted. */
export function isWithinOne(doc, at) {
  const [before, behind] = at ? signsOf(doc, at - 1, at + 1) : [];
  return Boolean(behind) && high(before.sign) && low(behind.sign);
}

/** A selection from one place to another, wherever these are. */
export function between(doc, anchor, head) {
  const [from, to] = [anchor, head].map((wanted) => {
    const pos = Math.min(Math.max(wanted, 0), doc.content.size);
    return doc.resolve(isWithinOne(doc, signAt(doc, pos)) ? pos + 1 : pos);
  });
  return TextSelection.between(from, to);
}

/** With which side the ends of a selection go: what is selected stays so, and no more. */
export function sticking($anchor, $head) {
  if ($anchor.pos === $head.pos) return $head.parentOffset ? [-1, -1] : [0, 0];
  return $anchor.pos < $head.pos ? [0, -1] : [-1, 0];
}

/** The end of the line that a sign stands in: as signsOf gives it, with `at`, its own place. */
export function ending(doc, sign) {
  const line = doc.resolve(placeAt(doc, sign));
  const at = signAt(doc, line.end(1));
  return { ...signsOf(doc, at, at + 1)[0], at };
}

/** The signs of lines that differ in two documents of the same words. */
export function unlike(old, now) {
  let first = 0;
  let start = 0;
  while (first < old.childCount && old.child(first) === now.child(first)) start += old.child(first++).content.size + 1;
  if (first === old.childCount) return null;
  let last = old.childCount;
  let end = sizeOf(old);
  while (last > first && old.child(last - 1) === now.child(last - 1)) end -= old.child(--last).content.size + 1;
  return { from: start, to: end };
}

/** Which sign of which hand each one is; of all that stand there, or of those items that `counts`. */
export function signIds(text, counts = (item) => !item.deleted) {
  const found = [];
  for (let item = text._start; item; item = item.right) {
    if (!item.countable || !counts(item)) continue;
    for (let offset = 0; offset < item.length; offset++) found.push(`${item.id.client}:${item.id.clock + offset}`);
  }
  return found;
}

export const went = (deleted, { client, clock }) => (deleted.clients.get(client) || []).some((range) => range.clock <= clock && clock < range.clock + range.len);

// What happened to the text

const lengthOf = (words) => (typeof words === "string" ? words.length : 1);

export function lineOf({ doc, selection }) {
  if (!selection.$from.depth) return [0, sizeOf(doc)];
  return [signAt(doc, selection.$from.start(1)), signAt(doc, selection.$to.end(1)) + 1];
}

/** Whether any of it happened within these signs. */
export function touches(delta, [from, to]) {
  let at = 0;
  for (const { retain = 0, insert, delete: gone = 0, attributes } of delta) {
    const size = retain + gone;
    if ((insert !== undefined || gone || attributes) && at < to && at + size >= from) return true;
    at += size;
  }
  return false;
}

/** From which sign to which one, as they are counted afterwards, something happened. */
export function extent(delta) {
  let [at, from, to] = [0, Infinity, 0];
  for (const { retain = 0, insert, attributes } of delta) {
    const size = insert === undefined ? retain : lengthOf(insert);
    if (!retain || attributes) [from, to] = [Math.min(from, at), at + size];
    at += size;
  }
  return [from, to];
}

export function isWithin(delta, size) {
  return delta.reduce((at, { retain = 0, delete: gone = 0 }) => at + retain + gone, 0) <= size;
}

/** Do to a document what was done to the text, but for what words and lines are. */
export function follow(tr, delta) {
  let at = 0;
  for (const { retain, insert, delete: gone, attributes } of delta) {
    if (insert !== undefined) {
      const place = placeAt(tr.doc, at);
      tr.maybeStep(new ReplaceStep(place, place, new Slice(linesOf(insert, attributes), 1, 1)));
      at += lengthOf(insert);
    } else if (gone) tr.maybeStep(new ReplaceStep(placeAt(tr.doc, at), placeAt(tr.doc, at + gone), Slice.empty));
    else at += retain;
  }
}

/** Make a document another one, touching only the lines that differ, and of each only what does. */
export function become(tr, wanted) {
  const have = tr.doc;
  const least = Math.min(have.childCount, wanted.childCount);
  let head = 0;
  while (head < least && have.child(head).eq(wanted.child(head))) head++;
  let tail = 0;
  while (tail < least - head && have.child(have.childCount - 1 - tail).eq(wanted.child(wanted.childCount - 1 - tail))) tail++;
  const [last, lastWanted] = [have.childCount - tail, wanted.childCount - tail];
  const starts = [];
  have.forEach((_, pos) => starts.push(pos));
  starts.push(have.content.size);
  if (last - head !== lastWanted - head) {
    const lines = Array.from({ length: lastWanted - head }, (_, at) => wanted.child(head + at));
    tr.step(new ReplaceStep(starts[head], starts[last], new Slice(Fragment.fromArray(lines), 0, 0)));
    return;
  }
  for (let at = last - 1; at >= head; at--) becomeLine(tr, starts[at], wanted.child(at));
}

function becomeLine(tr, pos, wanted) {
  const have = tr.doc.child(tr.doc.resolve(pos).index(0));
  const from = have.content.findDiffStart(wanted.content);
  if (from !== null) {
    let { a: to, b: end } = have.content.findDiffEnd(wanted.content);
    const more = from - Math.min(to, end);
    if (more > 0) [to, end] = [to + more, end + more];
    tr.step(new ReplaceStep(pos + 1 + from, pos + 1 + to, wanted.slice(from, end)));
  }
  if (!have.sameMarkup(wanted)) tr.setNodeMarkup(pos, null, wanted.attrs);
}
