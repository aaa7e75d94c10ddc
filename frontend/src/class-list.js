// <class-list data-in="#text">: marks the names of a pasted class list in a text of the same page.
// The list stays in the page: nothing here sends it or keeps it on the device, and it is gone when the page is left.

const WORD = /[\p{L}\p{M}]+/gu;
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]+/gu;
const LONGEST_UNSPACED = 8;
const BLOCKS = "p,li,h1,h2,h3,h4,h5,h6,figcaption,summary,label,td,bdi";
const SHOWN = 30;
// A field with a whole district in it stops the browser for minutes: a longer list is held and not shown.
const LONGEST_SHOWN = 100_000;
const AT_ONCE = 250_000; // characters that are read before the page may draw again

/** As names are compared: small letters without accents, the dotless i as any other. */
const bare = (text) => (/^[a-z]+$/i.test(text) ? text.toLowerCase() : withoutMarks(text));
const withoutMarks = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replace(/ı/g, "i");

/** Whether a word is long enough to be looked for. Of two Latin letters it is a name in its capital alone: "Jo", not "of". */
const mayBeName = (word, name) => name.length > 2 || (name.length === 2 && (/[^\p{Script=Latin}]/u.test(name) || /^\p{Lu}/u.test(word)));

const pause = () => new Promise((done) => setTimeout(done));

/** Where the piece of a list that begins here ends: between two words, if it has any. */
const endOf = (list, start) => {
  const end = start + AT_ONCE;
  const gap = Math.max(list.lastIndexOf("\n", end), list.lastIndexOf(" ", end));
  return end < list.length && gap > start ? gap : end;
};

/** The names of a list, read piece by piece, so that no list stops the page. */
async function namesIn(list) {
  const [names, met] = [new Set(), new Set()];
  for (let start = 0, end; start < list.length; start = end) {
    if (start) await pause();
    end = endOf(list, start);
    for (const [word] of list.slice(start, end).matchAll(WORD)) {
      if (met.has(word)) continue;
      met.add(word);
      const name = bare(word);
      if (mayBeName(word, name)) names.add(name);
    }
  }
  return names;
}

/** Where names stand in a text: [start, end] pairs in order. */
function* found(text, names) {
  for (const { 0: word, index } of text.matchAll(WORD)) {
    const name = bare(word);
    if (names.has(name) && mayBeName(word, name)) yield [index, index + word.length];
    else
      for (const { 0: run, index: within } of word.matchAll(UNSPACED))
        for (let start = 0; start < run.length; start++)
          for (let size = Math.min(LONGEST_UNSPACED, run.length - start); size > 1; size--)
            if (names.has(bare(run.slice(start, start + size)))) {
              yield [index + within + start, index + within + start + size];
              start += size - 1;
              break;
            }
  }
}

const textsOf = (block) => {
  const texts = [];
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (walker.currentNode.parentElement.closest(BLOCKS) === block) texts.push(walker.currentNode);
  return texts;
};

class ClassList extends HTMLElement {
  connectedCallback() {
    this.list = this.querySelector("textarea");
    this.said = this.querySelector("[role=status]");
    const button = this.querySelector("button");
    if (!this.list || !button) return;
    this.querySelector(".class-list__without").hidden = true;
    this.querySelector(".class-list__form").hidden = false;
    this.list.addEventListener("paste", (event) => this.take(event, event.clipboardData));
    this.list.addEventListener("drop", (event) => this.take(event, event.dataTransfer));
    button.addEventListener("click", () => this.look());
    this.leaving = () => this.forget();
    addEventListener("pagehide", this.leaving);
  }

  disconnectedCallback() {
    removeEventListener("pagehide", this.leaving);
  }

  get region() {
    return document.querySelector(this.dataset.in);
  }

  /** What is pasted or dropped: too long a list never comes into the field. */
  take(event, brought) {
    const text = brought?.getData("text/plain") || "";
    if (text.length <= LONGEST_SHOWN) return;
    event.preventDefault();
    this.list.value = "";
    this.held = text;
    this.said.textContent = this.dataset.held;
  }

  async look() {
    const written = `${this.list.value}\n${this.held || ""}`;
    if (written.length > LONGEST_SHOWN) this.list.value = "";
    this.held = "";
    const turn = (this.turn = {});
    if (written.trim()) {
      this.said.textContent = this.dataset.looking;
      const names = await namesIn(written);
      if (this.turn !== turn) return; // looked for again meanwhile, or left
      this.names = names;
    }
    this.unmark();
    const names = this.names || new Set();
    const met = new Set();
    if (names.size && this.region) for (const block of this.region.querySelectorAll(BLOCKS)) this.mark(block, names, met);
    const shown = [...met].slice(0, SHOWN).join(", ") + (met.size > SHOWN ? " …" : "");
    this.said.textContent = !names.size ? this.dataset.empty : met.size ? `${this.dataset.some} ${shown}` : this.dataset.none;
  }

  mark(block, names, met) {
    const texts = textsOf(block);
    const whole = texts.map((text) => text.data).join("");
    const hits = [...found(whole, names)];
    if (!hits.length) return;
    for (const [start, end] of hits) met.add(whole.slice(start, end));
    for (let fold = block.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    let end = whole.length;
    for (const text of texts.reverse()) {
      const start = end - text.length;
      for (const [from, to] of [...hits].reverse()) {
        if (to <= start || from >= end) continue;
        const range = document.createRange();
        range.setStart(text, Math.max(from, start) - start);
        range.setEnd(text, Math.min(to, end) - start);
        const mark = document.createElement("mark");
        mark.className = "named";
        range.surroundContents(mark);
      }
      end = start;
    }
  }

  unmark() {
    for (const mark of this.region?.querySelectorAll("mark.named") || []) {
      const parent = mark.parentNode;
      mark.replaceWith(...mark.childNodes);
      parent.normalize();
    }
  }

  forget() {
    this.list.value = "";
    this.names = this.held = this.turn = null;
    this.said.textContent = "";
    this.unmark();
  }
}

customElements.define("class-list", ClassList);
