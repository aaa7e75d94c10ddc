// What the tools, the keys and the signs at the start of a line make of lines.

import { InputRule } from "prosemirror-inputrules";
import { TextSelection } from "prosemirror-state";
import { kindsIn, places } from "./lines.js";
import { DEEPEST, PARAGRAPH, isParagraph, schema } from "./schema.js";

const { nodes } = schema;

/** The lines that a selection lies in, as [first, last]. One that it only reaches to is not among them. */
function linesOf({ $from, $to }) {
  const [first, last] = [$from.index(0), Math.min($to.index(0), $to.doc.childCount - 1)];
  return [first, last > first && $to.parentOffset === 0 ? last - 1 : last];
}

/** Whether all lines of the selection are of this kind. */
export const isAll = (is) => (state) => {
  const [first, last] = linesOf(state.selection);
  return kindsIn(state.doc).slice(first, last + 1).every(is);
};

/** Make these lines what `become(kind, at)` says of each. */
function change(tr, [first, last], become) {
  let pos = 0;
  for (let at = 0; at <= last; at++) {
    const line = tr.doc.child(at);
    if (at >= first) {
      const kind = { ...line.attrs, ...become(line.attrs, at) };
      if (Object.keys(kind).some((name) => kind[name] !== line.attrs[name])) tr.setNodeMarkup(pos, null, kind);
    }
    pos += line.nodeSize;
  }
  return tr;
}

const NO_LIST = { list: "", depth: 0, start: null, more: false };

/** A list of these lines; or, of such a list, paragraphs. */
export const toList = (list) => (state, dispatch) => {
  const off = isAll((kind) => kind.list === list)(state);
  const as = (kind) => (off ? NO_LIST : { list, heading: 0, start: list === "number" ? kind.start : null });
  dispatch?.(change(state.tr, linesOf(state.selection), as).scrollIntoView());
  return true;
};

/** Headings of these lines, or, of headings, paragraphs. */
export const toHeading = (state, dispatch) => {
  const off = isAll(({ heading }) => heading)(state);
  dispatch?.(change(state.tr, linesOf(state.selection), ({ heading }) => (off ? { heading: 0 } : { ...NO_LIST, heading: heading || 3 })).scrollIntoView());
  return true;
};

/** The items of the selection with all that lies in them, as [first, last]; null where a line is of no list. */
function branch({ doc, selection }, kinds) {
  const [first, found] = linesOf(selection);
  let last = found;
  if (kinds.slice(first, last + 1).some(({ list }) => !list)) return null;
  const { depth, quote } = kinds[last];
  while (last + 1 < doc.childCount && kinds[last + 1].list && kinds[last + 1].quote === quote && (kinds[last + 1].depth > depth || (kinds[last + 1].more && kinds[last + 1].depth === depth))) last++;
  return [first, last];
}

/** Lay these items, with what is in them, into the item above. */
export function deeper(state, dispatch) {
  const kinds = kindsIn(state.doc);
  const lines = branch(state, kinds);
  if (!lines) return false;
  const [first, last] = lines;
  const levels = places(kinds).map((place) => place?.level);
  const above = first > 0 && kinds[first - 1].list && kinds[first - 1].quote === kinds[first].quote ? levels[first - 1] : -1;
  const deepest = Math.max(...levels.slice(first, last + 1));
  if (levels[first] <= above && deepest + 1 < DEEPEST) dispatch?.(change(state.tr, lines, (_, at) => ({ depth: levels[at] + 1, start: null })));
  return true;
}

/** Take these items, with what is in them, out of the item that they lie in; where they lie in none, out of the list. */
export function shallower(state, dispatch) {
  const kinds = kindsIn(state.doc);
  const lines = branch(state, kinds);
  if (!lines) return false;
  const levels = places(kinds).map((place) => place?.level);
  const top = levels[lines[0]] === 0;
  const [first, last] = top ? linesOf(state.selection) : lines;
  const become = (_, at) => (levels[at] ? { depth: levels[at] - 1 } : NO_LIST);
  dispatch?.(change(state.tr, [first, last], become).scrollIntoView());
  return true;
}

/** What follows a line of this kind when it is parted. */
function next(kind, atEnd) {
  return { ...kind, heading: atEnd ? 0 : kind.heading, start: null, more: false };
}

/** A new line. In an empty one of a list or a quotation: one list less around it, or none, or no quotation. */
export function enter(state, dispatch) {
  const { tr, selection } = state;
  const { parent } = selection.$from;
  if (selection.empty && !parent.content.size && !isParagraph(parent.attrs)) {
    dispatch?.(out(state).scrollIntoView());
    return true;
  }
  if (!dispatch) return true;
  if (!selection.empty) tr.deleteSelection();
  const $at = tr.selection.$from;
  const { parentOffset, parent: line } = $at;
  const { attrs } = line;
  if (parentOffset === line.content.size) {
    // behind the line: so what somebody else writes at its end stays with it
    const after = $at.after(1);
    tr.insert(after, nodes.line.create(next(attrs, true))).setSelection(TextSelection.create(tr.doc, after + 1));
  } else if (!parentOffset) {
    // before it: what the line is goes with its words
    tr.insert($at.before(1), nodes.line.create({ ...next(attrs, true), start: attrs.start }));
    if (attrs.start !== null) tr.setNodeMarkup($at.before(1) + 2, null, { ...attrs, start: null });
  } else tr.split($at.pos, 1, [{ type: nodes.line, attrs: next(attrs, false) }]);
  dispatch(tr.scrollIntoView());
  return true;
}

/** Out of the innermost thing that an empty line stands in. */
function out(state) {
  const at = state.selection.$from.index(0);
  const become = ({ list, more, quote }) => {
    const { level } = places(kindsIn(state.doc))[at] || {};
    if (more) return { more: false };
    if (level) return { depth: level - 1, start: null };
    if (list) return NO_LIST;
    return { heading: 0, quote: quote && Boolean(state.doc.child(at).attrs.heading) };
  };
  return change(state.tr, [at, at], become);
}

/** At the start of a line of a list, of a heading, of a quotation: a paragraph first. */
export function backspace(state, dispatch) {
  const { empty, $from } = state.selection;
  const kind = $from.parent.attrs;
  if (!empty || $from.parentOffset || $from.depth !== 1 || isParagraph(kind)) return false;
  const at = $from.index(0);
  const become = () => (kind.list ? NO_LIST : kind.heading ? { heading: 0 } : PARAGRAPH);
  dispatch?.(change(state.tr, [at, at], become).scrollIntoView());
  return true;
}

export function lineBreak(state, dispatch) {
  dispatch?.(state.tr.replaceSelectionWith(nodes.hardBreak.create()).scrollIntoView());
  return true;
}

// Signs

/** A sign at the start of a line of which `may(kind)` makes it what `kind(found, kinds, at)` says. */
function rule(sign, may, kind) {
  return new InputRule(sign, (state, found, start, end) => {
    const at = state.doc.resolve(start).index(0);
    const kinds = kindsIn(state.doc);
    if (!may(kinds[at])) return null;
    return change(state.tr.delete(start, end), [at, at], () => kind(found, kinds, at));
  });
}

const isPlain = ({ list, heading }) => !list && !heading;

/** The number that an item at this place would have without a number of its own. */
function goesOn(kinds, at) {
  return places([...kinds.slice(0, at), { ...kinds[at], list: "number" }])[at].number;
}

/** A sign at the start of a line makes a list, a heading or a quotation of it, as in many editors. */
export const rules = [
  rule(/^\s*[-*•]\s$/, isPlain, () => ({ list: "bullet" })),
  rule(/^(\d{1,3})[.)]\s$/, isPlain, ([, number], kinds, at) => ({ list: "number", start: [1, goesOn(kinds, at)].includes(Number(number)) ? null : Number(number) })),
  rule(/^#{1,3}\s$/, ({ list }) => !list, () => ({ heading: 3 })),
  rule(/^\s*>\s$/, ({ quote }) => !quote, () => ({ quote: true })),
];
