// The bar above the parts: tools for the part that one writes in, and in words whether all is saved and who is here.

import { safeAddress } from "./schema.js";
import { linkAt, setLink, tools } from "./writing.js";

export class Bar {
  /** `writing` answers with the editor that was written in last. */
  constructor(element, { writing, say }) {
    Object.assign(this, { element, writing, say });
    this.tools = [...element.querySelectorAll("[data-tool]")];
    this.link = element.querySelector("[data-link]");
    this.strip = element.querySelector("[data-tools]");
    for (const tool of this.tools) {
      tool.addEventListener("mousedown", (event) => event.preventDefault()); // the cursor stays in the words
      tool.addEventListener("click", () => this.press(tool.dataset.tool));
    }
    this.strip.addEventListener("keydown", (event) => this.walk(event));
    this.strip.addEventListener("focusin", ({ target }) => this.stop(target));
    this.stop(this.tools[0]);
    this.link.addEventListener("submit", (event) => this.linked(event));
    this.link.addEventListener("keydown", (event) => event.key === "Escape" && this.closeLink());
    this.link.querySelector("[data-unlink]").addEventListener("click", () => this.setLink(""));
  }

  /** The one tool that the tab key comes to. */
  stop(here) {
    for (const tool of this.tools) tool.tabIndex = tool === here ? 0 : -1;
  }

  focus() {
    this.tools.find((tool) => tool.tabIndex === 0).focus();
    return true;
  }

  walk(event) {
    const at = this.tools.indexOf(event.target);
    const onward = getComputedStyle(this.strip).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const back = onward === "ArrowLeft" ? "ArrowRight" : "ArrowLeft";
    const count = this.tools.length;
    const steps = { [onward]: (at + 1) % count, [back]: (at + count - 1) % count, Home: 0, End: count - 1 };
    if (event.key === "Escape") this.writing()?.focus();
    else if (event.key in steps) this.tools[steps[event.key]].focus();
    else return;
    event.preventDefault();
  }

  press(name) {
    const view = this.writing();
    if (!view) return;
    if (name === "link") {
      this.openLink();
      return;
    }
    tools[name].act(view.state, view.dispatch, view);
    if (!this.strip.contains(document.activeElement)) view.focus();
    this.show(view);
  }

  /** Say which tools apply where the cursor is. */
  show(view) {
    for (const tool of this.tools) {
      const { on, can } = tools[tool.dataset.tool];
      if (on) tool.setAttribute("aria-pressed", String(Boolean(view && on(view.state))));
      if (can) tool.setAttribute("aria-disabled", String(!view || !can(view.state)));
    }
  }

  openLink() {
    const view = this.writing();
    if (!view) return false;
    this.link.hidden = false;
    this.link.elements.address.value = linkAt(view.state)?.[2] || "";
    this.wrong("");
    this.link.elements.address.focus();
    return true;
  }

  closeLink() {
    this.link.hidden = true;
    this.writing()?.focus();
  }

  linked(event) {
    event.preventDefault();
    event.stopPropagation();
    const typed = this.link.elements.address.value.trim();
    const address = safeAddress(typed) || safeAddress(typed.includes("@") ? `mailto:${typed}` : `https://${typed}`);
    const known = typed && (/^(https?:|mailto:)/i.test(typed) || !/^[a-z][a-z0-9+.-]*:/i.test(typed) || /^[^/]+:\d/.test(typed));
    if (address && known) this.setLink(address);
    else this.wrong(this.say.noAddress);
  }

  setLink(address) {
    setLink(this.writing(), address);
    this.closeLink();
  }

  wrong(sentence) {
    const field = this.link.elements.address;
    const place = this.link.querySelector("[data-wrong]");
    place.textContent = sentence;
    place.hidden = !sentence;
    field.toggleAttribute("aria-invalid", Boolean(sentence));
    if (sentence) field.setAttribute("aria-invalid", "true");
  }
}
