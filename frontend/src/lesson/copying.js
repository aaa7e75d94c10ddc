// What is copied out of the editor: real lists and quotations for other programs, and words that can be read without any.

import { DOMSerializer, Fragment, Slice } from "prosemirror-model";
import { kindsIn, places } from "./lines.js";
import { PARAGRAPH, schema } from "./schema.js";

const inner = DOMSerializer.fromSchema(schema);
const MARK = { bullet: "- ", number: "" };

/** Words out of one line are words alone; what nobody can see is left where it is. */
export function copied(slice) {
  const { content, openStart, openEnd } = slice;
  const part = content.childCount === 1 && openStart && openEnd;
  const lines = [];
  content.forEach((line) => {
    if (!line.isBlock) return;
    const words = [];
    line.forEach((node) => node.type !== schema.nodes.foreign && words.push(node));
    lines.push(line.type.create(part ? PARAGRAPH : line.attrs, words));
  });
  return lines.length === content.childCount ? new Slice(Fragment.from(lines), openStart, openEnd) : slice;
}

/** Lines as nested lists, headings, quotations and paragraphs. */
export class Nested {
  serializeFragment(content, { document: page = document } = {}, target = page.createDocumentFragment()) {
    if (content.firstChild && !content.firstChild.isBlock) return inner.serializeFragment(content, { document: page }, target);
    const found = places(kindsIn(content));
    let quotation = null;
    let items = []; // the item that each level has open
    content.forEach((line, _, at) => {
      const { heading, list, start, quote } = line.attrs;
      const place = found[at];
      if (!quote) quotation = null;
      else if (!quotation) {
        quotation = target.appendChild(page.createElement("blockquote"));
        items = [];
      }
      const around = quotation || target;
      if (!place) {
        items = [];
        around.append(this.words(page, heading ? `h${heading}` : "p", line));
        return;
      }
      items.length = place.level + (place.item ? 0 : 1);
      if (place.item) {
        const into = place.level ? items[place.level - 1] : around;
        const name = list === "bullet" ? "UL" : "OL";
        let last = into.lastElementChild;
        if (last?.tagName !== name || start !== null) {
          last = into.appendChild(page.createElement(name));
          if (start !== null) last.setAttribute("start", start);
        }
        items[place.level] = last.appendChild(page.createElement("li"));
      }
      items[place.level].append(this.words(page, "p", line));
    });
    return target;
  }

  words(page, name, line) {
    const made = page.createElement(name);
    inner.serializeFragment(line.content, { document: page }, made);
    return made;
  }

  serializeNode(node, options) {
    return inner.serializeNode(node, options);
  }
}

/** Lines as plain words, as somebody would write them in a mail. */
export function plainly({ content }) {
  const found = places(kindsIn(content));
  let text = "";
  let tight = true;
  content.forEach((line, _, at) => {
    const place = found[at];
    const words = line.textBetween(0, line.content.size, "", ({ type }) => (type === schema.nodes.hardBreak ? "\n" : ""));
    const within = "   ".repeat(place ? place.level : 0);
    const sign = place ? (place.item ? MARK[line.attrs.list] || `${place.number}. ` : "   ") : line.attrs.quote ? "> " : "";
    text += (at ? (tight && place && !place.first ? "\n" : "\n\n") : "") + within + sign + words;
    tight = Boolean(place);
  });
  return text;
}
