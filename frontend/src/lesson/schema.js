// What the words of a part may be made of: the same on the server (base/rich_text). Anything else that is pasted or sent
// keeps its text and loses its form.

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

const level = (node) => (Number(node.attrs.level) === 4 ? "h4" : "h3");
const first = (node) => Math.trunc(Number(node.attrs.start)) || 1;

export const schema = new Schema({
  nodes: {
    doc: { content: "block+" },
    paragraph: { content: "inline*", group: "block", parseDOM: [{ tag: "p" }], toDOM: () => ["p", 0] },
    heading: {
      content: "inline*",
      group: "block",
      defining: true,
      attrs: { level: { default: 3 } },
      parseDOM: [..."123456"].map((size) => ({ tag: `h${size}`, attrs: { level: size > 3 ? 4 : 3 } })),
      toDOM: (node) => [level(node), 0],
    },
    bulletList: { content: "listItem+", group: "block", parseDOM: [{ tag: "ul" }], toDOM: () => ["ul", 0] },
    orderedList: {
      content: "listItem+",
      group: "block",
      attrs: { start: { default: 1 } },
      parseDOM: [{ tag: "ol", getAttrs: (list) => ({ start: Math.trunc(Number(list.getAttribute("start"))) || 1 }) }],
      toDOM: (node) => (first(node) === 1 ? ["ol", 0] : ["ol", { start: first(node) }, 0]),
    },
    // An item begins with a paragraph; but what two people did to one at the same time may leave it without, and an item
    // that the schema does not know would be taken out of the text with all its words.
    listItem: { content: "block+", defining: true, parseDOM: [{ tag: "li" }], toDOM: () => ["li", 0] },
    blockquote: {
      content: "block+",
      group: "block",
      defining: true,
      parseDOM: [{ tag: "blockquote" }],
      toDOM: () => ["blockquote", 0],
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
