// One part of a lesson being written in: an editor on the words that the page already shows.

import { baseKeymap, chainCommands, toggleMark } from "prosemirror-commands";
import { inputRules, undoInputRule } from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import { EditorState, Plugin } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { Binding, begun, bindingOf, isFromText } from "./binding.js";
import { Nested, copied, plainly } from "./copying.js";
import { cursors } from "./cursors.js";
import { backspace, deeper, enter, isAll, lineBreak, rules, shallower, toHeading, toList } from "./kinds.js";
import { numbered } from "./lines.js";
import { cleaned } from "./paste.js";
import { sizeOf, writable } from "./reading.js";
import { isParagraph, schema } from "./schema.js";

const { marks } = schema;
const MUCH_MARKUP = 3_000_000; // a paste of more markup than this is taken as plain words

const hasMark = (mark) => (state) => {
  const { from, $from, to, empty } = state.selection;
  if (empty) return Boolean(mark.isInSet(state.storedMarks || $from.marks()));
  return state.doc.rangeHasMark(from, to, mark);
};

/** Take back what one wrote oneself ("undo"), or write it again ("redo"). */
const turn = (way) => (state, dispatch) => {
  const binding = bindingOf(state);
  const can = binding.undoing[way === "undo" ? "canUndo" : "canRedo"]();
  if (can && dispatch) binding.undo(way);
  return true;
};
const undo = turn("undo");
const redo = turn("redo");

/** What changes the look of words or lines is undone by itself, not with the words that were typed just before. */
const byItself = (command) => (state, dispatch, view) => {
  if (dispatch) bindingOf(state).apart();
  return command(state, dispatch, view);
};

/** What the bar offers: what it does, and where it applies already. */
export const tools = {
  bold: { act: byItself(toggleMark(marks.bold)), on: hasMark(marks.bold) },
  italic: { act: byItself(toggleMark(marks.italic)), on: hasMark(marks.italic) },
  list: { act: byItself(toList("bullet")), on: isAll(({ list }) => list === "bullet") },
  numbers: { act: byItself(toList("number")), on: isAll(({ list }) => list === "number") },
  heading: { act: byItself(toHeading), on: isAll(({ heading }) => Boolean(heading)) },
  link: { on: hasMark(marks.link) },
  undo: { act: undo, can: (state) => bindingOf(state).undoing.canUndo() },
  redo: { act: redo, can: (state) => bindingOf(state).undoing.canRedo() },
};

/** The link around the cursor or in the selection: [from, to, address], or null. */
export function linkAt({ doc, selection: { from, to, $from, empty } }) {
  if (!empty) {
    let href = "";
    doc.nodesBetween(from, to, (node) => (href ||= marks.link.isInSet(node.marks)?.attrs.href || ""));
    return [from, to, href];
  }
  const mark = marks.link.isInSet($from.marks());
  if (!mark) return null;
  const { parent } = $from;
  let [start, end, at] = [0, 0, 0];
  parent.forEach((child, offset) => {
    const same = mark.isInSet(child.marks);
    if (same && at !== offset) start = offset;
    if (same) [end, at] = [offset + child.nodeSize, offset + child.nodeSize];
    if (offset <= $from.parentOffset && !same) [start, at] = [offset + child.nodeSize, offset + child.nodeSize];
  });
  return [$from.start() + start, $from.start() + end, mark.attrs.href];
}

/** Lead the selected words to an address, or ("") nowhere any more. Where nothing is selected the address is written. */
export function setLink(view, href) {
  const found = linkAt(view.state);
  const { tr, selection } = view.state;
  if (!found && href) tr.insertText(href, selection.from).addMark(selection.from, selection.from + href.length, marks.link.create({ href }));
  else if (found) {
    tr.removeMark(found[0], found[1], marks.link);
    if (href) tr.addMark(found[0], found[1], marks.link.create({ href }));
  }
  bindingOf(view.state).apart();
  view.dispatch(tr);
}

const keys = (toBar, toLink) => [
  keymap({
    "Mod-b": tools.bold.act,
    "Mod-i": tools.italic.act,
    "Mod-Shift-7": tools.numbers.act,
    "Mod-Shift-8": tools.list.act,
    "Mod-Alt-3": tools.heading.act,
    "Mod-k": toLink,
    "Mod-z": undo,
    "Mod-y": redo,
    "Mod-Shift-z": redo,
    "Shift-Enter": lineBreak,
    "Mod-Enter": lineBreak,
    Enter: enter,
    Backspace: chainCommands(undoInputRule, byItself(backspace)),
    "Mod-]": byItself(deeper),
    "Mod-[": byItself(shallower),
    "Alt-F10": toBar,
  }),
  keymap(baseKeymap),
];

/** The words of a part say when it is empty, so that the question that belongs to it can stand there. */
const placeholder = new Plugin({
  props: {
    attributes: ({ doc }) => ({ class: doc.childCount === 1 && isParagraph(doc.firstChild.attrs) && !doc.firstChild.content.size ? "is-empty" : "" }),
  },
});

/** Nothing is taken in that makes the lesson longer than it may be: it is said, and what is there stays. */
const bounded = (room, tooLong) =>
  new Plugin({
    filterTransaction: (tr, { doc }) => {
      if (!tr.docChanged || isFromText(tr)) return true;
      const more = tr.doc.content.size - doc.content.size;
      if (more <= 0 || more <= room()) return true;
      if (sizeOf(tr.doc) - sizeOf(doc) <= Math.max(0, room(true))) return true;
      tooLong();
      return false;
    },
    props: {
      handleDOMEvents: Object.fromEntries(
        ["paste", "drop"].map((name) => [name, (view, event) => taken(view, event, room, tooLong)]),
      ),
    },
  });

/** A paste is measured before anything is made of it. Answers whether it ends here. */
function taken(view, event, room, tooLong) {
  const carried = event.clipboardData || event.dataTransfer;
  if (!carried) return false;
  const words = carried.getData("text/plain");
  if (words.length > room(true)) {
    event.preventDefault();
    tooLong();
    return true;
  }
  if (event.type === "paste" && carried.getData("text/html").length > MUCH_MARKUP) {
    event.preventDefault();
    view.pasteText(words);
    return true;
  }
  return false;
}

/**
 * An editor on `mount`, which shows the words of `text` (a Y.Text) already.
 * `with_`: who is here (company.js), room(exact) and tooLong(), attributes, and what hears of the rest:
 * toBar(), toLink(), changed(view).
 */
export function write(mount, text, { company, room, tooLong, attributes, toBar, toLink, changed }) {
  const binding = new Binding(text);
  const plugins = [
    binding.plugin,
    cursors(binding, company),
    bounded(room, tooLong),
    inputRules({ rules }),
    ...keys(toBar, toLink),
    numbered(),
    placeholder,
    new Plugin({ view: () => ({ update: (view) => changed(view) }) }),
  ];
  return new EditorView({ mount }, {
    state: EditorState.create({ doc: begun(text), plugins }),
    attributes,
    dispatchTransaction: (tr) => binding.dispatch(tr),
    transformPastedHTML: cleaned,
    transformPastedText: writable,
    transformCopied: copied,
    clipboardSerializer: new Nested(),
    clipboardTextSerializer: plainly,
    handleDOMEvents: {
      focus: (view) => changed(view),
      blur: (view) => changed(view),
    },
  });
}
