// One part of a lesson being written in: an editor on the words that the page already shows.

import { baseKeymap, setBlockType, toggleMark } from "prosemirror-commands";
import { InputRule, inputRules, textblockTypeInputRule, wrappingInputRule } from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import { liftListItem, sinkListItem, splitListItem, wrapInList } from "prosemirror-schema-list";
import { EditorState, Plugin } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { initProseMirrorDoc, redo, undo, yCursorPlugin, ySyncPlugin, ySyncPluginKey, yUndoPlugin, yUndoPluginKey } from "y-prosemirror";
import { cleaned } from "./paste.js";
import { schema } from "./schema.js";

const { nodes, marks } = schema;
const MUCH_MARKUP = 3_000_000; // a paste of more markup than this is taken as plain words

const lists = [nodes.bulletList, nodes.orderedList];

/** The list around the cursor: [its kind, where it stands], or null. */
function listAround({ selection: { $from } }) {
  for (let depth = $from.depth; depth > 0; depth--) if (lists.includes($from.node(depth).type)) return [$from.node(depth).type, $from.before(depth)];
  return null;
}

/** Make a list of these paragraphs; of one kind another; or paragraphs of a list. */
const toList = (kind) => (state, dispatch) => {
  const found = listAround(state);
  if (!found) return wrapInList(kind)(state, dispatch);
  if (found[0] === kind) return liftListItem(nodes.listItem)(state, dispatch);
  dispatch?.(state.tr.setNodeMarkup(found[1], kind));
  return true;
};

const inHeading = ({ selection: { $from } }) => $from.parent.type === nodes.heading;
const toHeading = (state, dispatch) => {
  if (inHeading(state)) return setBlockType(nodes.paragraph)(state, dispatch);
  return !listAround(state) && setBlockType(nodes.heading, { level: 3 })(state, dispatch);
};
/** "## " at the start of a line, but not in a list. */
const headingRule = textblockTypeInputRule(/^#{1,3}\s$/, nodes.heading, { level: 3 });
const outsideLists = new InputRule(headingRule.match, (state, ...found) => (listAround(state) ? null : headingRule.handler(state, ...found)));

const hasMark = (mark) => (state) => {
  const { from, $from, to, empty } = state.selection;
  if (empty) return Boolean(mark.isInSet(state.storedMarks || $from.marks()));
  return state.doc.rangeHasMark(from, to, mark);
};

const undoing = (stack) => (state) => {
  const manager = yUndoPluginKey.getState(state)?.undoManager;
  return Boolean(manager?.[stack].length);
};

/** What the bar offers: what it does, and where it applies already. */
export const tools = {
  bold: { act: toggleMark(marks.bold), on: hasMark(marks.bold) },
  italic: { act: toggleMark(marks.italic), on: hasMark(marks.italic) },
  list: { act: toList(nodes.bulletList), on: (state) => listAround(state)?.[0] === nodes.bulletList },
  numbers: { act: toList(nodes.orderedList), on: (state) => listAround(state)?.[0] === nodes.orderedList },
  heading: { act: toHeading, on: inHeading },
  link: { on: hasMark(marks.link) },
  undo: { act: undo, can: undoing("undoStack") },
  redo: { act: redo, can: undoing("redoStack") },
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
  view.dispatch(tr);
}

const lineBreak = (state, dispatch) => {
  dispatch?.(state.tr.replaceSelectionWith(nodes.hardBreak.create()).scrollIntoView());
  return true;
};

const keys = (toBar, toLink) => [
  keymap({
    "Mod-b": tools.bold.act,
    "Mod-i": tools.italic.act,
    "Mod-Shift-7": tools.numbers.act,
    "Mod-Shift-8": tools.list.act,
    "Mod-Alt-3": toHeading,
    "Mod-k": toLink,
    "Mod-z": undo,
    "Mod-y": redo,
    "Mod-Shift-z": redo,
    "Shift-Enter": lineBreak,
    "Mod-Enter": lineBreak,
    Enter: splitListItem(nodes.listItem),
    "Mod-]": sinkListItem(nodes.listItem),
    "Mod-[": liftListItem(nodes.listItem),
    "Alt-F10": toBar,
  }),
  keymap(baseKeymap),
];

/** A sign at the start of a line makes a list, a heading or a quote of it, as in many editors. */
const rules = inputRules({
  rules: [
    wrappingInputRule(/^\s*[-*•]\s$/, nodes.bulletList),
    wrappingInputRule(/^(\d{1,3})[.)]\s$/, nodes.orderedList, (found) => ({ start: Number(found[1]) }), (found, node) => node.childCount + node.attrs.start === Number(found[1])),
    outsideLists,
    wrappingInputRule(/^\s*>\s$/, nodes.blockquote),
  ],
});

/** The words of a part say when it is empty, so that the question that belongs to it can stand there. */
const placeholder = new Plugin({
  props: {
    attributes: ({ doc }) => ({ class: doc.childCount === 1 && doc.firstChild.type === nodes.paragraph && !doc.firstChild.content.size ? "is-empty" : "" }),
  },
});

/** Nothing is taken in that makes the lesson longer than it may be: it is said, and what is there stays. */
const bounded = (room, tooLong) =>
  new Plugin({
    filterTransaction: (tr, { doc }) => {
      if (!tr.docChanged || tr.getMeta(ySyncPluginKey)) return true;
      const more = tr.doc.content.size - doc.content.size;
      if (more <= 0 || more <= room()) return true;
      if (tr.doc.textContent.length - doc.textContent.length <= Math.max(0, room(true))) return true;
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
 * An editor on `mount`, which shows the words of `fragment` already.
 * `with_`: awareness and how cursors are shown, room(exact) and tooLong(), attributes, and what hears of the rest:
 * toBar(), toLink(), changed(view).
 */
export function write(mount, fragment, { company, room, tooLong, attributes, toBar, toLink, changed }) {
  // (without words yet the editor begins with its own empty paragraph, and writes that down with the first word)
  const begun = fragment.length ? initProseMirrorDoc(fragment, schema) : {};
  const doc = begun.doc?.childCount ? begun.doc : schema.topNodeType.createAndFill();
  const plugins = [
    ySyncPlugin(fragment, { mapping: begun.mapping }),
    yCursorPlugin(company.awareness, company.shown),
    yUndoPlugin(),
    bounded(room, tooLong),
    rules,
    ...keys(toBar, toLink),
    placeholder,
    new Plugin({ view: () => ({ update: (view) => changed(view) }) }),
  ];
  return new EditorView({ mount }, {
    state: EditorState.create({ doc, plugins }),
    attributes,
    transformPastedHTML: cleaned,
    handleDOMEvents: {
      focus: (view) => changed(view),
      blur: (view) => changed(view),
    },
  });
}
