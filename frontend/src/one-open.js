// <one-open><details>…</details><details>…</details></one-open>: of the areas within it one is open at a time, and the
// one that was opened stays in sight when another above it closes. Without script each opens and closes for itself.

class OneOpen extends HTMLElement {
  connectedCallback() {
    for (const area of this.querySelectorAll(":scope > details")) area.setAttribute("name", "one-open");
    this.addEventListener("toggle", this, true); // (it does not bubble)
  }

  handleEvent({ target }) {
    if (target.parentElement === this && target.open && target.getBoundingClientRect().top < 0) target.scrollIntoView();
  }
}

customElements.define("one-open", OneOpen);
