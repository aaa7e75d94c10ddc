// <answer-count data-count="7" data-words="{done} of {count} answered">: how many questions of the area around it are
// answered, said anew at every choice. What the server wrote in it counts until then.

class AnswerCount extends HTMLElement {
  connectedCallback() {
    this.area = this.closest("details");
    this.listening = new AbortController();
    this.area?.addEventListener("change", () => this.say(), { signal: this.listening.signal });
    this.closest("form")?.addEventListener("draftback", () => this.say(), { signal: this.listening.signal });
  }

  disconnectedCallback() {
    this.listening.abort();
  }

  say() {
    const done = this.area.querySelectorAll("input[type='radio']:checked").length;
    this.textContent = this.dataset.words.replace("{done}", done).replace("{count}", this.dataset.count);
  }
}

customElements.define("answer-count", AnswerCount);
