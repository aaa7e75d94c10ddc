// Where words are selected: a remark, a question or other words for them, in the page's own form.

const LONGEST = 1000;

export class Offer {
  /** `section` is the part on the page. */
  constructor(section) {
    this.section = section;
    this.panel = section.querySelector("[data-offer]");
    if (!this.panel) return;
    this.panel.addEventListener("mousedown", (event) => event.preventDefault());
    this.panel.addEventListener("click", ({ target }) => {
      const button = target.closest("button[data-kind]");
      if (button) this.take(button.dataset.kind);
    });
    this.panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      this.hide();
      this.view?.focus();
    });
    section.addEventListener("focusout", ({ relatedTarget }) => {
      if (!relatedTarget || !section.contains(relatedTarget)) this.hide();
    });
  }

  /** The editor of this part has a new selection. */
  selected(view) {
    if (!this.panel) return;
    this.view = view;
    clearTimeout(this.soon);
    const { empty } = view.state.selection;
    if (empty || !this.form) this.hide();
    else this.soon = setTimeout(() => this.show(), 150);
  }

  get form() {
    return document.querySelector(`form[data-remark-for="${this.section.dataset.part}"]`);
  }

  /** The words that are selected now. */
  get quote() {
    const { doc, selection } = this.view.state;
    return doc.textBetween(selection.from, selection.to, "\n", "\n").trim();
  }

  hide() {
    clearTimeout(this.soon);
    if (this.panel) this.panel.hidden = true;
  }

  show() {
    const { to, $from, $to } = this.view.state.selection;
    const { quote } = this;
    if (!this.view.hasFocus() || !quote || quote.length > LONGEST) {
      this.hide();
      return;
    }
    // other words can stand in the place of words of one paragraph only
    this.panel.querySelector('[data-kind="suggestion"]').hidden = !$from.sameParent($to);
    this.panel.hidden = false;
    const end = this.view.coordsAtPos(to, -1);
    const box = this.section.getBoundingClientRect();
    this.panel.style.insetBlockStart = `${Math.round(end.bottom - box.top + 6)}px`;
  }

  take(kind) {
    const { form, quote } = this;
    if (!form || !quote) return;
    this.hide();
    for (let around = form.closest("details"); around; around = around.parentElement?.closest("details")) around.open = true;
    const { elements } = form;
    if (elements.part) elements.part.value = this.section.dataset.part;
    if (elements.kind) elements.kind.value = kind;
    if (elements.quote) elements.quote.value = quote;
    const shown = form.querySelector("[data-quote]");
    if (shown) {
      shown.textContent = quote;
      shown.hidden = false;
    }
    if (kind === "suggestion" && elements.replacement) elements.replacement.value = quote;
    form.dispatchEvent(new Event("input", { bubbles: true }));
    form.dispatchEvent(new Event("change", { bubbles: true }));
    const field = (kind === "suggestion" && elements.replacement) || elements.text;
    field.focus();
    form.scrollIntoView({ block: "center" });
  }
}
