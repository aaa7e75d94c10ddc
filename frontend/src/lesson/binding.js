// Holds an editor and a text of the shared document together. What is written here goes there as small as it is: nothing
// that stays is taken out and put in again, for what somebody else writes in it at that moment would go with it.

import { AllSelection, Plugin, PluginKey } from "prosemirror-state";
import { UndoManager, compareRelativePositions, createAbsolutePositionFromRelativePosition, createRelativePositionFromJSON, createRelativePositionFromTypeIndex } from "yjs";
import { become, between, ending, extent, follow, high, isWithin, isWithinOne, lineOf, low, signIds, sticking, touches, unlike, went } from "./following.js";
import { change, mayEndOpen, placeAt, read, readAgain, signAt, signsOf, sizeOf } from "./reading.js";

const ONE_ACT = 500; // what is written within this time is undone in one
const LATER = 100; // words that wait for an unfinished one look this often whether it is there

const key = new PluginKey("text");

/** Whether a transaction brings what is in the shared text already. */
export const isFromText = (tr) => Boolean(tr.getMeta(key));
export const bindingOf = (state) => key.getState(state);
/** The document that an editor on this text begins with. */
export const begun = read;

export class Binding {
  /** `text` is the Y.Text of a part. */
  constructor(text) {
    this.text = text;
    this.shown = null; // while words of others wait: what the editor shows, sign for sign (see `wait`)
    this.plugin = new Plugin({ key, state: { init: () => this, apply: () => this }, view: (view) => this.begin(view) });
    this.undoing = new UndoManager(text, { trackedOrigins: new Set([this]), captureTimeout: ONE_ACT });
    this.undoing.on("stack-item-added", ({ stackItem }) => stackItem.meta.set(this, this.before));
    this.undoing.on("stack-item-popped", ({ stackItem }) => this.select(stackItem.meta.get(this)));
  }

  begin(view) {
    this.view = view;
    const heard = (event) => this.heard(event);
    this.text.observe(heard);
    return {
      destroy: () => {
        this.text.unobserve(heard);
        clearTimeout(this.later);
        this.undoing.destroy();
      },
    };
  }

  // From here to there

  /** An editor's `dispatchTransaction`. */
  dispatch(tr) {
    const { view } = this;
    const { state, transactions } = view.state.applyTransaction(tr);
    const own = transactions.filter((each) => each.docChanged && !isFromText(each));
    try {
      if (own.length) this.write(view.state, own);
    } finally {
      view.updateState(state);
    }
    if (this.shown) this.catchUp();
    else if (own.length && this.isApart(state.doc)) this.follow();
  }

  /** Write down what these transactions did to the document. */
  write(state, transactions) {
    this.before = this.relative(state.selection);
    this.text.doc.transact(() => {
      const wasEmpty = !this.length;
      for (const { steps, docs, doc } of transactions) {
        steps.forEach((step, at) => this.writeStep(docs[at], docs[at + 1] || doc, step.getMap()));
      }
      this.endLine(transactions[transactions.length - 1].doc, wasEmpty);
    }, this);
  }

  writeStep(old, now, map) {
    const ranges = [];
    map.forEach((from, to, start, end) => ranges.push([signAt(old, from), signAt(old, to), signAt(now, start), signAt(now, end)]));
    if (!ranges.length) {
      this.formatOnly(old, now);
      return;
    }
    // From the last to the first: so the places before stay what they are.
    let next = Infinity;
    for (let [from, to, start, end] of ranges.reverse()) {
      if (isWithinOne(old, from) || isWithinOne(now, start)) [from, start] = [from - 1, start - 1];
      if (isWithinOne(old, to) || isWithinOne(now, end)) [to, end] = [to + 1, end + 1];
      this.writeRange(signsOf(old, from, to), signsOf(now, start, end), from);
      this.formatEnd([old, to], [now, end], from + end - start, next);
      next = from;
    }
  }

  /** In place of some signs others: what is alike at both ends stays. */
  writeRange(old, now, from) {
    const least = Math.min(old.length, now.length);
    const same = (one, other) => one.sign === other.sign && !one.foreign && !other.foreign;
    let head = 0;
    while (head < least && same(old[head], now[head])) head++;
    let tail = 0;
    while (tail < least - head && same(old[old.length - 1 - tail], now[now.length - 1 - tail])) tail++;
    if (head && high(old[head - 1].sign)) head--;
    if (tail && low(old[old.length - tail].sign)) tail--;
    const gone = old.slice(head, old.length - tail);
    const put = now.slice(head, now.length - tail);
    this.format(old.slice(old.length - tail), now.slice(now.length - tail), from + old.length - tail);
    this.remove(gone, from + head);
    this.put(put, from + head);
    this.format(old.slice(0, head), now.slice(0, head), from);
  }

  /** The line that a change ends in may have become another one: a joined line is what the first of both was. */
  formatEnd([old, to], [now, end], at, next) {
    const was = ending(old, to);
    if (was.at < to || was.at >= next) return;
    const is = ending(now, end);
    this.format([was], [is], at + was.at - to);
  }

  /** Nothing moved: only what words and lines are. */
  formatOnly(old, now) {
    const { from, to } = unlike(old, now) || {};
    if (from !== undefined) this.format(signsOf(old, from, to), signsOf(now, from, to), from);
  }

  format(old, now, from) {
    for (let at = 0; at < old.length; ) {
      const [was, is] = [old[at], now[at]];
      const attributes = change(was, is);
      let end = at + 1;
      while (end < old.length && old[end].look === was.look && now[end].look === is.look && old[end].foreign === was.foreign) end++;
      if (attributes && was.foreign) this.stay();
      else if (attributes) for (const [place, length] of this.runs(from + at, end - at, true)) this.text.format(place, length, attributes);
      at = end;
    }
  }

  put(signs, from) {
    if (signs.some(({ foreign, odd }) => foreign || odd)) this.stay();
    for (let at = 0; at < signs.length; ) {
      let words = "";
      let end = at;
      while (end < signs.length && signs[end].look === signs[at].look && signs[end].foreign === signs[at].foreign) words += signs[end++].sign;
      if (!signs[at].foreign) this.insert(from + at, words, signs[at].look);
      else this.shown.splice(from + at, 0, ...Array(end - at).fill("")); // shown, and nowhere else
      at = end;
    }
  }

  insert(at, words, look) {
    if (at > this.length) this.close();
    const place = this.at(at);
    this.text.insert(place, words, look);
    this.shown?.splice(at, 0, ...signIds(this.text).slice(place, place + words.length));
  }

  /** Take signs out; what is foreign stays where it is, though it is not shown until all of the text is. */
  remove(signs, from) {
    if (signs.some(({ foreign }) => foreign)) this.stay();
    for (let end = signs.length; end > 0; ) {
      let at = end - 1;
      while (at > 0 && signs[at - 1].foreign === signs[at].foreign) at--;
      if (!signs[at].foreign) for (const [place, length] of this.runs(from + at, end - at).reverse()) this.text.delete(place, length);
      this.shown?.splice(from + at, end - at);
      end = at;
    }
  }

  /** Count by the signs that are shown from here on: what is done is not what is written down. */
  stay() {
    this.shown ??= signIds(this.text);
  }

  /** End the last line, where nothing does yet. */
  close(look = {}) {
    this.insert(this.length, "\n", look);
  }

  /** The last line of a text needs no end only where it is a paragraph with words in it. The first words of all bring one
      along: so two who begin at the same time write two lines. */
  endLine(doc, wasEmpty) {
    if (!this.isOpen(doc)) return;
    const { look } = ending(doc, sizeOf(doc) - 1);
    const needless = this.length ? mayEndOpen(doc) && !wasEmpty : !Object.keys(look).length;
    if (!needless) this.close(look);
  }

  isOpen(doc) {
    return sizeOf(doc) - this.length === 1;
  }

  get length() {
    return this.shown ? this.shown.length : this.text.length;
  }

  // Places

  /** Where in the text the so-manieth sign of the editor is, for something to be put before it. */
  at(sign) {
    if (!this.shown) return Math.min(sign, this.text.length);
    const there = this.there();
    for (let at = Math.min(sign, this.shown.length) - 1; at >= 0; at--) if (there.has(this.shown[at])) return there.get(this.shown[at]) + 1;
    return 0;
  }

  /** The signs of the editor from here on, as [place, length] in the text; `whole` ends the last line where it is needed. */
  runs(from, length, whole = false) {
    if (whole && from + length > this.length) this.close();
    const end = Math.min(from + length, this.length);
    if (!this.shown) return end > from ? [[from, end - from]] : [];
    const there = this.there();
    const found = [];
    for (const id of this.shown.slice(from, end)) {
      if (!there.has(id)) continue;
      const place = there.get(id);
      const last = found[found.length - 1];
      if (last && last[0] + last[1] === place) last[1]++;
      else found.push([place, 1]);
    }
    return found;
  }

  there() {
    return new Map(signIds(this.text).map((id, at) => [id, at]));
  }

  /** A place of the editor that stays with the words around it. Before the first word of a line it goes with what follows,
      else with what stands before: so words that two write at one place do not get mixed. */
  relativeAt(doc, pos, assoc) {
    return createRelativePositionFromTypeIndex(this.text, this.at(signAt(doc, pos)), assoc);
  }

  relative({ $anchor, $head }) {
    const { doc } = this.view.state;
    const [anchor, head] = sticking($anchor, $head);
    return { anchor: this.relativeAt(doc, $anchor.pos, anchor), head: this.relativeAt(doc, $head.pos, head) };
  }

  /** Where such a place is now, or null: in another part, or not known here. */
  placeOf(relative, doc = this.view.state.doc) {
    const found = createRelativePositionFromJSON(relative);
    // (a name that nobody has asked for would become a text of its own)
    if (found.tname && this.text.doc.share.get(found.tname) !== this.text) return null;
    const absolute = createAbsolutePositionFromRelativePosition(found, this.text.doc);
    return absolute?.type === this.text ? placeAt(doc, absolute.index) : null;
  }

  isSame(one, other) {
    return Boolean(one && other) && compareRelativePositions(createRelativePositionFromJSON(one), createRelativePositionFromJSON(other));
  }

  // From there to here

  heard(event) {
    const { transaction } = event;
    if (transaction.origin === this || this.shown) return;
    const { delta } = event;
    const { view } = this;
    if (view.composing && touches(delta, lineOf(view.state))) {
      this.wait(transaction);
      return;
    }
    const { state } = view;
    const { tr } = state;
    const mapped = (pos, assoc) => tr.mapping.map(pos, assoc);
    if (isWithin(delta, sizeOf(tr.doc))) {
      follow(tr, delta);
      this.settle(tr, mapped, readAgain(this.text, tr.doc, ...extent(delta)));
    } else this.settle(tr, mapped);
  }

  /** Make the document say what the text says, and leave the cursor where it belongs. */
  settle(tr, moved, wanted = read(this.text)) {
    const { selection, storedMarks } = this.view.state;
    become(tr, wanted);
    if (!(selection instanceof AllSelection)) {
      const [anchor, head] = sticking(selection.$anchor, selection.$head);
      tr.setSelection(between(tr.doc, moved(selection.anchor, anchor), moved(selection.head, head)));
    }
    if (storedMarks) tr.setStoredMarks(storedMarks);
    this.view.dispatch(tr.setMeta(key, true).setMeta("addToHistory", false));
  }

  /** The editor does not show what the text says (what cannot be written was put in, or what must stay was taken out). */
  isApart(doc) {
    const more = sizeOf(doc) - this.text.length;
    return more !== 0 && !(more === 1 && (mayEndOpen(doc) || !this.text.length));
  }

  follow() {
    const { tr } = this.view.state;
    this.settle(tr, (pos, assoc) => tr.mapping.map(pos, assoc));
  }

  /** A word is being put together (from keys that stand for its parts) in the very line that somebody else changed: to draw
      that line would break the word off. So the editor keeps what it shows, and what is written meanwhile is counted by
      the signs it shows, until the word is there. */
  wait(transaction) {
    const { deleteSet, beforeState } = transaction;
    this.shown = signIds(this.text, (item) => {
      const came = item.id.clock >= (beforeState.get(item.id.client) || 0);
      return !came && (!item.deleted || went(deleteSet, item.id));
    });
    this.look();
  }

  look() {
    clearTimeout(this.later);
    this.later = setTimeout(() => this.catchUp() || this.look(), LATER);
  }

  /** Show what has waited, unless the word is still not finished. */
  catchUp() {
    if (this.view.composing || this.view.isDestroyed) return this.view.isDestroyed;
    clearTimeout(this.later);
    const { selection, tr } = this.view.state;
    const { anchor, head } = this.relative(selection);
    this.shown = null;
    const moved = (relative) => createAbsolutePositionFromRelativePosition(relative, this.text.doc)?.index ?? 0;
    const places = [moved(anchor), moved(head)];
    this.settle(tr, () => placeAt(tr.doc, places.shift()));
    return true;
  }

  // Undoing

  undo(way) {
    this.finish();
    this.before = this.relative(this.view.state.selection);
    this.undoing[way]();
  }

  /** End what waits, so that places are places again. */
  finish() {
    if (!this.shown) return;
    this.view.dom.blur();
    this.view.focus();
    this.catchUp();
  }

  /** What comes next is undone by itself. */
  apart() {
    this.undoing.stopCapturing();
  }

  select(relative) {
    const { doc, tr } = this.view.state;
    if (!relative || this.shown) return;
    const [anchor, head] = [this.placeOf(relative.anchor), this.placeOf(relative.head)];
    if (anchor === null || head === null) return;
    this.view.dispatch(tr.setSelection(between(doc, anchor, head)).scrollIntoView());
  }
}
