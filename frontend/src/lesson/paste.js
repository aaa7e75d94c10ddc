// Words copied from a word processor come with fonts, spans, comments and lists that are no lists. What is kept of them
// here is what a lesson is made of: lines (paragraphs, headings, items of lists, quotations), bold, italic and links.

import { DEEPEST, marksOfLine, safeAddress } from "./schema.js";

const NOTHING = new Set(["SCRIPT", "STYLE", "HEAD", "TITLE", "META", "LINK", "OBJECT", "EMBED", "IFRAME", "SVG", "MATH", "TEMPLATE", "NOSCRIPT", "XML", "SELECT", "BUTTON", "INPUT", "TEXTAREA", "AUDIO", "VIDEO", "CANVAS"]);
const KEPT = { P: "p", H1: "h3", H2: "h3", H3: "h3", H4: "h4", H5: "h4", H6: "h4", UL: "ul", OL: "ol", LI: "li", BLOCKQUOTE: "blockquote", BR: "br", PRE: "p" };
const BLOCKS = new Set(["DIV", "SECTION", "ARTICLE", "MAIN", "HEADER", "FOOTER", "ASIDE", "FIGURE", "FIGCAPTION", "DL", "DT", "DD", "ADDRESS", "FORM", "FIELDSET", "DETAILS", "SUMMARY", "NAV"]);

const look = (element) => (element.getAttribute("data-look") || "").toLowerCase().replace(/\s+/g, "");

function weight(element) {
  const said = look(element).match(/(?:^|;)font-weight:(bold|bolder|normal|lighter|\d+)/);
  if (said) return said[1].startsWith("bold") || Number(said[1]) >= 600;
  return element.tagName === "B" || element.tagName === "STRONG" ? true : null;
}

function slant(element) {
  const said = look(element).match(/(?:^|;)font-style:(italic|oblique|normal)/);
  if (said) return said[1] !== "normal";
  return element.tagName === "I" || element.tagName === "EM" ? true : null;
}

/** A paragraph that Word means as an item of a list: how deep it lies, and whether it is numbered. */
function wordItem(element) {
  const said = look(element).match(/mso-list:(l\d+)level(\d+)/);
  if (!said) return null;
  const sign = [...element.querySelectorAll("span")].find((span) => look(span).includes("mso-list:ignore"));
  const numbered = /^[\s(]*(\d+|[a-z]{1,2}|[ivxl]+)[.)]/i.test(sign?.textContent || "");
  const name = numbered ? "ol" : "ul";
  return { depth: Math.min(Number(said[2]), 9), name, list: said[1] + name };
}

/** What says how it looks is read, and nowhere applied: the page allows no styles but its own, and no scripts. */
const inert = (html) =>
  html
    .replace(/<style\b[^]*?<\/style\s*>/gi, "")
    .replace(/<[a-z][^<>]*>/gi, (tag) => tag.replace(/([\s"'/])style\s*=/gi, "$1data-look=").replace(/([\s"'/])on[a-z]+\s*=/gi, "$1data-act="));

class Copy {
  constructor() {
    this.page = document.implementation.createHTMLDocument("");
    this.top = this.page.createElement("div");
  }

  of(html) {
    const source = new DOMParser().parseFromString(inert(html), "text/html");
    this.children(source.body, this.top, {});
    return this.top.firstElementChild && this.top.querySelector(HOLDERS) ? new Flat(this.page).of(this.top) : this.top.innerHTML;
  }

  make(name, into) {
    const made = this.page.createElement(name);
    into.append(made);
    return made;
  }

  children(source, into, how) {
    this.lists = null;
    for (const child of source.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) this.text(child.data, into, how);
      else if (child.nodeType === Node.ELEMENT_NODE) this.element(child, into, how);
    }
  }

  text(words, into, { bold, italic, href }) {
    if (!words) return;
    let inner = into;
    if (href) {
      inner = this.make("a", inner);
      inner.setAttribute("href", href);
    }
    if (bold) inner = this.make("strong", inner);
    if (italic) inner = this.make("em", inner);
    inner.append(words);
  }

  element(element, into, how) {
    const name = element.tagName.toUpperCase();
    if (NOTHING.has(name) || look(element).includes("mso-list:ignore") || look(element).includes("display:none")) return;
    const item = wordItem(element);
    if (item) {
      this.item(element, into, how, item);
      return;
    }
    if (name !== "O:P") this.lists = null;
    const { bold, italic, href } = how;
    const inside = { bold: weight(element) ?? bold, italic: slant(element) ?? italic, href };
    if (name === "A") inside.href = safeAddress(element.getAttribute("href")) || href;
    if (name === "TR") this.line(element, into, how);
    else if (name in KEPT) {
      const made = this.make(KEPT[name], into);
      if (name === "OL" && element.hasAttribute("start")) made.setAttribute("start", element.getAttribute("start"));
      // a heading is heavy by itself
      this.children(element, made, /^H\d$/.test(name) ? { ...inside, bold: false } : inside);
      this.lists = null;
    } else if (BLOCKS.has(name)) this.children(element, this.make("div", into), inside);
    else this.children(element, into, inside);
  }

  /** A row of a table becomes a line of words. */
  line(row, into, how) {
    const line = this.make("p", into);
    [...row.cells].forEach((cell, at) => {
      if (at) line.append(" | ");
      this.text(cell.textContent.replace(/\s+/g, " ").trim(), line, how);
    });
  }

  item(element, into, how, { depth, name, list }) {
    const lists = this.lists || [];
    lists.length = Math.min(lists.length, depth);
    if (lists.length === depth && lists[depth - 1].list !== list) lists.pop();
    while (lists.length < depth) {
      const above = lists[lists.length - 1]?.element;
      lists.push({ list, element: this.make(name, above ? above.lastElementChild || this.make("li", above) : into) });
    }
    const words = this.make("p", this.make("li", lists[depth - 1].element));
    this.children(element, words, how);
    this.lists = lists;
  }
}

const HOLDERS = "p, h3, h4, ul, ol, li, blockquote, div";

/** Lists and quotations, as lines that say of themselves what they are. */
class Flat {
  constructor(page) {
    this.page = page;
    this.top = page.createElement("div");
    this.line = null;
  }

  of(source) {
    this.walk(source, { lists: [], quote: false });
    return this.top.innerHTML;
  }

  walk(source, around) {
    for (const child of [...source.childNodes]) {
      if (child.nodeType === Node.ELEMENT_NODE && child.matches(HOLDERS)) this.holder(child, around);
      else if (this.line || child.nodeType === Node.ELEMENT_NODE || child.data.trim()) {
        this.line ??= this.begin("P", around);
        this.line.append(child);
      }
    }
  }

  holder(element, around) {
    const name = element.tagName;
    this.line = null;
    if (name === "UL" || name === "OL") {
      const start = name === "OL" ? Math.trunc(Number(element.getAttribute("start") ?? 1)) : 1;
      const list = { list: name === "OL" ? "number" : "bullet", start: start >= 0 && start !== 1 ? start : null, begun: false };
      this.walk(element, { ...around, lists: [...around.lists, list] });
    } else if (name === "LI") this.item(element, around);
    else if (name === "BLOCKQUOTE") this.walk(element, { ...around, quote: true });
    else {
      if (name !== "DIV") this.line = this.begin(name, around);
      this.walk(element, around);
    }
    this.line = null;
  }

  item(element, around) {
    const list = around.lists[around.lists.length - 1];
    if (list) list.begun = false;
    const before = this.top.childElementCount;
    this.walk(element, around);
    if (this.top.childElementCount === before) this.begin("P", around);
  }

  begin(name, { lists, quote }) {
    const list = lists[lists.length - 1];
    const line = this.page.createElement(list ? "P" : name);
    const kind = { list: list?.list || "", depth: Math.min(lists.length, DEEPEST) - 1, start: list?.start ?? null, more: Boolean(list?.begun), quote };
    for (const [key, value] of Object.entries(marksOfLine(kind))) line.setAttribute(key, value);
    if (list) Object.assign(list, { start: null, begun: true });
    this.top.append(line);
    return line;
  }
}

/** The words of a pasted page, made of nothing but what a lesson may be made of. */
export const cleaned = (html) => new Copy().of(html);
