// What follows from a row of lines: which stand in one list, how deep an item lies, and its number. The server reads lines
// the same way (base/rich_text/lines.py).

import { Plugin } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";

const nothing = () => ({ list: "", count: 0, lists: 0, texts: 0 });

/**
 * For each of these kinds (see schema.js) its place in a list, or null: {level, number, item, first, inner}. `level` counts
 * the lists around its own, `number` is null for a bullet and for a further paragraph of an item, `item` says whether an
 * item begins, `first` whether a list begins that lies in no other one; `inner()` whether one begins that is set apart from
 * what else stands in its item.
 */
export function places(kinds) {
  let top = nothing(); // what the page, or a quotation, holds: the list that stands last in it, how many lists and texts
  let opened = []; // the items that a line may go into, each with what it holds
  let quoted = false;
  return kinds.map((kind) => {
    if (!kind.list || kind.quote !== quoted) {
      top = nothing();
      opened = [];
      quoted = kind.quote;
    }
    if (!kind.list) return null;
    let before = null;
    while (opened.length && opened[opened.length - 1].depth >= kind.depth) before = opened.pop();
    const level = opened.length;
    if (kind.more && before?.list === kind.list) {
      opened.push({ ...before, depth: kind.depth });
      before.holds.list = "";
      before.holds.texts++;
      return { level, number: null, item: false, first: false, inner: () => false };
    }
    const around = level ? opened[level - 1].holds : top;
    const goesOn = kind.start === null && around.list === kind.list;
    around.count = goesOn ? around.count + 1 : (kind.start ?? 1);
    around.list = kind.list;
    const lists = goesOn ? around.lists : around.lists++;
    opened.push({ depth: kind.depth, list: kind.list, holds: { ...nothing(), texts: 1 } });
    const inner = () => !goesOn && level > 0 && (lists > 0 || around.texts > 1);
    return { level, number: kind.list === "number" ? around.count : null, item: true, first: !goesOn && !level, inner };
  });
}

export const kindsIn = (doc) => Array.from({ length: doc.childCount }, (_, at) => doc.child(at).attrs);

function shown(doc, found) {
  const decorations = [];
  doc.forEach((line, pos, at) => {
    const place = found[at];
    if (!place) return;
    const { level, number, item, first, inner } = place;
    const look = { "data-level": String(level), class: [item && "is-item", first && "is-first", inner && "is-apart"].filter(Boolean).join(" ") };
    // The words of the marker, as a browser would make them. (What a script sets in this way the page's policy allows.)
    if (number !== null) look.style = `list-style-type: "${number}. "`;
    decorations.push(Decoration.node(pos, pos + line.nodeSize, look));
  });
  return DecorationSet.create(doc, decorations);
}

/** Shows how deep each line of a list lies, and its number. */
export const numbered = () =>
  new Plugin({
    state: {
      init: (_, { doc }) => drawn(doc, ""),
      apply: (tr, now, before, { doc }) => {
        if (!tr.docChanged) return now;
        const next = isAlike(before.doc, doc) ? null : drawn(doc, now.said);
        return next || { said: now.said, set: now.set.map(tr.mapping, doc) };
      },
    },
    props: {
      decorations(state) {
        return this.getState(state).set;
      },
    },
  });

/** Whether only words changed: then lines keep what is said of them. */
function isAlike(one, other) {
  if (one.childCount !== other.childCount) return false;
  for (let at = 0; at < one.childCount; at++) if (one.child(at).attrs !== other.child(at).attrs) return false;
  return true;
}

/** The decorations of a text, or null where they are those that `said` stands for. */
function drawn(doc, before) {
  const found = places(kindsIn(doc)).map((place) => place && { ...place, inner: place.inner() });
  const said = JSON.stringify(found);
  return said === before ? null : { said, set: shown(doc, found) };
}
