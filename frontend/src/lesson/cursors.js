// Where others write in this part, and where one writes oneself, for the others.

import { Plugin, PluginKey } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import { isFromText } from "./binding.js";

const key = new PluginKey("cursors");

/** `company` says who is here and how their cursors look (company.js). */
export function cursors(binding, company) {
  const { awareness } = company;

  /** A cursor whose word has not come yet stays where it was. */
  function found(doc, before) {
    const places = new Map();
    for (const [client, { cursor }] of awareness.getStates()) {
      if (!cursor || !company.isShown(client)) continue;
      const [anchor, head] = [cursor.anchor, cursor.head].map((place) => binding.placeOf(place, doc));
      if (anchor !== null && head !== null) places.set(client, { anchor, head });
      else if (before.has(client) && !company.partOf(cursor.head)) places.set(client, before.get(client));
    }
    return drawn(doc, places);
  }

  function drawn(doc, places) {
    const decorations = [];
    for (const [client, { anchor, head }] of places) {
      const [from, to] = anchor < head ? [anchor, head] : [head, anchor];
      decorations.push(Decoration.widget(head, () => company.line(client), { key: String(client), side: 10 }));
      if (from < to) decorations.push(Decoration.inline(from, to, company.selection(client), { inclusiveEnd: true }));
    }
    return { places, set: DecorationSet.create(doc, decorations) };
  }

  function mapped({ places, set }, { mapping, doc }) {
    const moved = new Map();
    for (const [client, { anchor, head }] of places) moved.set(client, { anchor: mapping.map(anchor, -1), head: mapping.map(head, -1) });
    return { places: moved, set: set.map(mapping, doc) };
  }

  return new Plugin({
    key,
    state: {
      init: (_, { doc }) => found(doc, new Map()),
      apply(tr, now, before, { doc }) {
        const next = tr.docChanged ? mapped(now, tr) : now;
        // (while words wait, places in the text are none here)
        return (isFromText(tr) || tr.getMeta(key)) && !binding.shown ? found(doc, next.places) : next;
      },
    },
    props: { decorations: (state) => key.getState(state).set },
    view: (view) => watched(view, binding, awareness),
  });
}

/** Hear of the others, and tell them of oneself. */
function watched(view, binding, awareness) {
  let soon = 0;
  const others = ({ added, updated, removed }) => {
    if ([...added, ...updated, ...removed].every((client) => client === awareness.clientID)) return;
    // not at once: this may be heard in the middle of writing something down
    soon ||= setTimeout(() => {
      soon = 0;
      if (!view.isDestroyed) view.dispatch(view.state.tr.setMeta(key, true));
    });
  };
  const tell = () => {
    const { cursor } = awareness.getLocalState() || {};
    if (view.hasFocus()) {
      // (by what stands behind it: that has mostly been there before, while what was typed last may come after its cursor)
      const { anchor, head } = view.state.selection;
      const now = { anchor: binding.relativeAt(view.state.doc, anchor, 0), head: binding.relativeAt(view.state.doc, head, 0) };
      if (!binding.isSame(cursor?.anchor, now.anchor) || !binding.isSame(cursor?.head, now.head)) awareness.setLocalStateField("cursor", now);
    } else if (cursor && binding.placeOf(cursor.anchor) !== null) awareness.setLocalStateField("cursor", null);
  };
  awareness.on("change", others);
  view.dom.addEventListener("focusin", tell);
  view.dom.addEventListener("focusout", tell);
  return {
    update: tell,
    destroy: () => {
      awareness.off("change", others);
      view.dom.removeEventListener("focusin", tell);
      view.dom.removeEventListener("focusout", tell);
      clearTimeout(soon);
    },
  };
}
