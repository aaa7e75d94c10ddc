// Plays writers of one text against one another, at random but the same each time, without a browser: after every act each
// editor shows what its text says; at the end all show the same, and no sign that was written is missing.
// `node binding-trial.mjs ROUNDS` ends with an error where that is not so. tests/lessons/test_binding.py runs it.
import { toggleMark } from "prosemirror-commands";
import { EditorState, TextSelection } from "prosemirror-state";
import { Doc, XmlElement, applyUpdate, encodeStateAsUpdate, encodeStateVector } from "yjs";
import { Binding, begun } from "./src/lesson/binding.js";
import { backspace, deeper, enter, shallower, toHeading, toList } from "./src/lesson/kinds.js";
import { numbered } from "./src/lesson/lines.js";
import { read } from "./src/lesson/reading.js";
import { schema } from "./src/lesson/schema.js";

const NAME = "text:part";
const BEGUN = ["", "abc", "one\ntwo\nthree", "a\n\n"];
const FIRST = 0x4e00; // every sign that is written is another one, from here on

/** As much of an editor as the binding needs. */
class Editor {
  constructor(doc) {
    this.binding = new Binding(doc.getText(NAME));
    this.state = EditorState.create({ doc: begun(this.binding.text), plugins: [this.binding.plugin, numbered()] });
    this.dispatch = (tr) => this.binding.dispatch(tr);
    this.composing = false; // whether a word is being put together
    this.dom = { blur: () => (this.composing = false) };
    this.end = this.binding.begin(this).destroy;
  }

  updateState(state) {
    this.state = state;
  }

  focus() {}

  do(command) {
    command(this.state, this.dispatch, this);
  }
}

/** Random numbers that come again with the same seed (mulberry32). */
function dice(seed) {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * below;
  };
}

const whole = (roll, below) => Math.floor(roll(below));
const any = (roll, among) => among[whole(roll, among.length)];

class Session {
  constructor(seed, { keeps, foreign }) {
    this.roll = dice(seed);
    this.keeps = keeps; // nobody takes anything away
    this.about = JSON.stringify({ seed, keeps, foreign });
    this.docs = Array.from({ length: 2 + (seed % 2) }, (_, at) => Object.assign(new Doc(), { clientID: 1 + at + 10 * whole(this.roll, 1000) }));
    this.docs[0].getText(NAME).insert(0, any(this.roll, BEGUN));
    if (foreign) this.disturb(this.docs[0]);
    for (const doc of this.docs.slice(1)) this.send(this.docs[0], doc);
    this.editors = this.docs.map((doc) => new Editor(doc));
    this.written = [];
  }

  /** What no editor of ours writes. */
  disturb(doc) {
    const text = doc.getText(NAME);
    const other = new Doc();
    other.getArray(NAME).insert(0, [1, { x: [2] }, null]);
    other.getArray(NAME).insert(1, [new XmlElement("paragraph")]);
    this.send(other, doc);
    text.insert(0, "x\r\u0000y\u2029\n", { heading: "3", list: 7, bold: "yes", link: "javascript:alert(1)" });
    text.insertEmbed(2, { image: "x" });
    text.format(0, text.length, { depth: { a: 1 }, quote: 1, start: -2 });
  }

  send(from, to) {
    applyUpdate(to, encodeStateAsUpdate(from, encodeStateVector(to)), "elsewhere");
  }

  /** A place that is not within a character. */
  place({ state: { doc } }) {
    const pos = 1 + whole(this.roll, doc.content.size - 1);
    const { parent, parentOffset } = doc.resolve(pos);
    return parentOffset && /[\ud800-\udbff]/.test(parent.textBetween(parentOffset - 1, parentOffset, "", "x")) ? pos + 1 : pos;
  }

  select(editor, from, to) {
    const { doc, tr } = editor.state;
    editor.dispatch(tr.setSelection(TextSelection.between(doc.resolve(from), doc.resolve(to))));
  }

  write(editor) {
    const sign = String.fromCharCode(FIRST + this.written.length);
    this.written.push(sign);
    const { tr, selection } = editor.state;
    editor.dispatch(tr.insertText(sign + any(this.roll, ["", "", "\u{1f600}", "\u{1f603}"]), selection.head));
  }

  join(editor) {
    const { tr, doc, selection } = editor.state;
    if (selection.$head.index(0) + 1 < doc.childCount) editor.dispatch(tr.join(selection.$head.after(1)));
  }

  act(editor) {
    if (!editor.composing && this.roll(1) < 0.5) {
      const place = this.place(editor);
      this.select(editor, place, this.roll(1) < 0.3 ? this.place(editor) : place);
    }
    const { head } = editor.state.selection;
    const acts = [
      ...Array(5).fill(() => this.write(editor)),
      ...Array(2).fill(() => (this.keeps && this.select(editor, head, head), editor.do(enter))),
      () => editor.do(toList(any(this.roll, ["bullet", "number"]))),
      () => editor.do(toHeading),
      () => editor.do(deeper),
      () => editor.do(shallower),
      () => editor.do(backspace),
      () => editor.do(toggleMark(any(this.roll, [schema.marks.bold, schema.marks.italic]))),
      () => editor.do(toggleMark(schema.marks.link, { href: "https://example.org/" })),
      () => this.join(editor),
      () => editor.binding.apart(),
      () => this.putTogether(editor),
      () => this.keeps || editor.dispatch(editor.state.tr.deleteSelection()),
      () => this.keeps || editor.binding.undo(any(this.roll, ["undo", "undo", "redo"])),
    ];
    any(this.roll, acts)();
    this.check(editor);
  }

  putTogether(editor) {
    editor.composing = !editor.composing;
    if (!editor.composing && editor.binding.shown) editor.binding.catchUp();
  }

  check({ binding, state }) {
    const said = read(binding.text);
    if (!binding.shown && !said.eq(state.doc)) throw new Error(`${this.about}: the text says ${said}, and the editor shows ${state.doc}`);
  }

  play() {
    for (let round = 0; round < 12; round++) {
      for (const editor of this.editors) for (let acts = whole(this.roll, 8); acts > 0; acts--) this.act(editor);
      for (const doc of this.docs) this.send(doc, any(this.roll, this.docs));
      this.editors.forEach((editor) => this.check(editor));
    }
    for (const editor of this.editors) if (editor.composing) this.putTogether(editor);
    for (const from of [...this.docs, ...this.docs]) for (const to of this.docs) this.send(from, to);
    const [first] = this.editors;
    for (const editor of this.editors) {
      this.check(editor);
      if (!editor.state.doc.eq(first.state.doc)) throw new Error(`${this.about}: ${editor.state.doc} is not ${first.state.doc}`);
      editor.end();
    }
    const words = first.state.doc.textContent;
    if (words.includes("\ufffd")) throw new Error(`${this.about}: a character was parted: ${words}`);
    const lost = this.keeps ? this.written.filter((sign) => !words.includes(sign)) : [];
    if (lost.length) throw new Error(`${this.about}: ${lost} are lost`);
    return this.written.length;
  }
}

let written = 0;
for (let seed = 1; seed <= Number(process.argv[2]); seed++) {
  for (const how of [{ keeps: true }, { keeps: false }, { keeps: false, foreign: true }]) written += new Session(seed, how).play();
}
console.log(`${written} signs were written`);
