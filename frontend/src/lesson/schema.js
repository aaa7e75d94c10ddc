// What the words of a part may be made of: the same on the server (base/rich_text). A part is a row of lines, none inside
// another; what a line is stands in its attributes, so that a list is lines that say so of themselves.

import { Schema } from "prosemirror-model";

/** An address that a link may lead to, or "": http, https and mail alone. */
export function safeAddress(text) {
  try {
    const address = new URL(String(text).trim());
    return ["http:", "https:", "mailto:"].includes(address.protocol) ? address.href : "";
  } catch {
    return "";
  }
}

export const DEEPEST = 8; // lists inside one another
const LARGEST_START = 1_000_000;

const whole = (value) => (typeof value === "number" && Number.isSafeInteger(value) ? value : -1);

/** What a line is, from whatever was said of it: what is unknown or of a wrong type is as if it were not there. */
export function kindOf(said) {
  const quote = said?.quote === true;
  if (said?.list !== "bullet" && said?.list !== "number") {
    const level = whole(said?.heading);
    return { ...PARAGRAPH, heading: level === 3 || level === 4 ? level : 0, quote };
  }
  const depth = whole(said.depth);
  const more = said.more === true;
  const start = said.list === "number" && !more ? whole(said.start) : -1;
  return {
    heading: 0,
    list: said.list,
    depth: depth > 0 && depth < DEEPEST ? depth : 0,
    start: start >= 0 && start !== 1 ? Math.min(start, LARGEST_START) : null,
    more,
    quote,
  };
}

/** A line of which nothing is said. `start` is the number that a list of numbers begins with (null: 1, or it goes on); `more`
    marks a further paragraph of the item above. */
export const PARAGRAPH = Object.freeze({ heading: 0, list: "", depth: 0, start: null, more: false, quote: false });

export const isParagraph = ({ heading, list, quote }) => !heading && !list && !quote;

/** The data attributes that say what a line is, in the page and in what is pasted. */
export function marksOfLine({ list, depth, start, more, quote }) {
  const said = {};
  if (list) said["data-list"] = list;
  if (list && depth) said["data-depth"] = depth;
  if (start !== null) said["data-start"] = start;
  if (more) said["data-more"] = "";
  if (quote) said["data-quote"] = "";
  return said;
}

function kindOfElement(element, heading = 0) {
  const { list, depth, start, more, quote } = element.dataset;
  return kindOf({ heading, list, depth: Number(depth), start: start === undefined ? undefined : Number(start), more: more !== undefined, quote: quote !== undefined });
}

const nameOf = ({ heading }) => (heading ? `h${heading}` : "p");

export const schema = new Schema({
  nodes: {
    doc: { content: "line+" },
    line: {
      content: "inline*",
      defining: true,
      attrs: Object.fromEntries(Object.entries(PARAGRAPH).map(([name, value]) => [name, { default: value }])),
      parseDOM: [
        { tag: "p", getAttrs: (element) => kindOfElement(element) },
        ...[..."123456"].map((size) => ({ tag: `h${size}`, getAttrs: (element) => kindOfElement(element, size > 3 ? 4 : 3) })),
      ],
      // (each line finds its own direction, as on the page before it is an editor)
      toDOM: ({ attrs }) => [nameOf(attrs), { dir: "auto", ...marksOfLine(attrs) }, 0],
    },
    text: { group: "inline" },
    hardBreak: {
      inline: true,
      group: "inline",
      selectable: false,
      linebreakReplacement: true,
      parseDOM: [{ tag: "br" }],
      toDOM: () => ["br"],
    },
    // What no editor of ours puts into a text: it takes its place among the words, and shows nothing.
    foreign: {
      inline: true,
      group: "inline",
      selectable: false,
      parseDOM: [{ tag: "span[data-foreign]" }],
      toDOM: () => ["span", { "data-foreign": "" }],
    },
  },
  marks: {
    link: {
      attrs: { href: { default: "" } },
      inclusive: false,
      parseDOM: [
        {
          tag: "a[href]",
          getAttrs: (link) => {
            const href = safeAddress(link.getAttribute("href"));
            return href ? { href } : false;
          },
        },
      ],
      toDOM: (mark) => {
        const href = safeAddress(mark.attrs.href);
        return href ? ["a", { href, rel: "noopener nofollow" }, 0] : ["span", 0];
      },
    },
    bold: { parseDOM: [{ tag: "strong" }, { tag: "b" }], toDOM: () => ["strong", 0] },
    italic: { parseDOM: [{ tag: "em" }, { tag: "i" }], toDOM: () => ["em", 0] },
  },
});
