// <copy-text>: a button beside a text that copies it. Without script the text is still there to select.

class CopyText extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    const text = this.querySelector("output");
    if (!button || !text || !navigator.clipboard) return;
    const label = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(text.textContent);
      button.textContent = this.dataset.done;
      setTimeout(() => (button.textContent = label), 3000);
    });
  }
}

customElements.define("copy-text", CopyText);
