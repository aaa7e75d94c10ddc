// A paragraph that becomes an item of a list is, to the shared document, a new paragraph with the same words: what somebody
// else wrote in the old one at that moment would go with it. Here such words are found when two states meet, and are put
// where they belong: between the same words, or at the end of the part.

import { ContentString, Item, XmlElement, XmlText, applyUpdate, decodeUpdate, isDeleted, iterateDeletedStructs } from "yjs";

/** What comes from elsewhere is marked with this, so that it is not sent back. */
export const ELSEWHERE = Symbol("elsewhere");

const NEAR = 24;

/** Take in an update from elsewhere. `ours(client)` says whose words are looked after here. */
export function takeIn(doc, update, ours) {
  const { ds } = decodeUpdate(update);
  const lost = new Set();
  const look = (transaction) =>
    iterateDeletedStructs(transaction, transaction.deleteSet, (item) => {
      if (isLost(item) && ours(item.id.client) && !isDeleted(ds, item.id)) lost.add(item);
    });
  const found = [];
  const after = (transaction) => {
    if (transaction.origin !== ELSEWHERE) return;
    look(transaction);
    for (const text of new Set([...lost].map((item) => item.parent))) found.push(...runs(text, lost));
    lost.clear();
  };
  doc.on("afterTransaction", after);
  applyUpdate(doc, update, ELSEWHERE);
  doc.off("afterTransaction", after);
  if (found.length) doc.transact(() => found.forEach((run) => putBack(doc, run)));
}

/** Words that went because what holds them went. */
function isLost(item) {
  if (!(item instanceof Item) || !(item.content instanceof ContentString) || !(item.parent instanceof XmlText)) return false;
  return Boolean(item.parent._item?.deleted);
}

/** The lost words of a text, each with what stood before and behind it. */
function runs(text, lost) {
  const pieces = [];
  for (let item = text._start; item; item = item.right) {
    if (!(item.content instanceof ContentString)) continue;
    const kind = lost.has(item);
    const last = pieces[pieces.length - 1];
    if (last?.lost === kind) last.words += item.content.str;
    else pieces.push({ lost: kind, words: item.content.str });
  }
  let part = text;
  while (part._item) part = part._item.parent;
  const near = (some) => some.map(({ words }) => words).join("");
  return pieces.flatMap(({ lost: is, words }, at) =>
    is && words.trim() ? [{ part, words, before: near(pieces.slice(0, at)).slice(-NEAR), behind: near(pieces.slice(at + 1)).slice(0, NEAR) }] : [],
  );
}

function* textsIn(type) {
  for (const child of type.toArray()) {
    if (child instanceof XmlText) yield child;
    else if (child.toArray) yield* textsIn(child);
  }
}

const wordsOf = (text) => text.toDelta().map(({ insert }) => (typeof insert === "string" ? insert : "\ufffc")).join("");

/** Between the words that stood around it, as near to them as can be found; where none of them is left, at the end. */
function putBack(doc, { part, words, before, behind }) {
  if (![...doc.share.values()].includes(part)) return;
  const texts = [...textsIn(part)].map((text) => [text, wordsOf(text)]);
  const known = before.slice(-4) + words + behind.slice(0, 4);
  if (texts.some(([, all]) => all.includes(known) || (words.trim().length > 3 && all.includes(words.trim())))) return; // somebody has put it back
  for (let reach = NEAR; reach >= 3; reach--) {
    const [left, right] = [before.slice(-reach), behind.slice(0, reach)];
    for (const [text, all] of texts) {
      if (left.length >= Math.min(3, before.length) && left + right && all.includes(left + right)) return text.insert(all.indexOf(left + right) + left.length, words);
    }
    for (const [text, all] of texts) {
      if (left.length === reach && all.includes(left)) return text.insert(all.indexOf(left) + left.length, words);
      if (right.length === reach && all.includes(right)) return text.insert(all.indexOf(right), words);
    }
  }
  const paragraph = new XmlElement("paragraph");
  const text = new XmlText();
  paragraph.insert(0, [text]);
  part.insert(part.length, [paragraph]);
  text.insert(0, words);
}
