// <send-files data-sending="Sending {number} files, {size} MB …"><form>…: says that files are under way, and which are
// too large, before minutes are spent on sending them.

class SendFiles extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.field = this.querySelector("input[type='file']");
    this.status = this.querySelector("[role='status']");
    if (!this.form || !this.field || !this.status) return;
    this.field.addEventListener("change", () => this.look());
    this.form.addEventListener("submit", () => this.sending());
  }

  look() {
    const limit = Number(this.dataset.limit) * 1024 * 1024;
    const large = [...this.field.files].filter((file) => file.size > limit);
    const say = (file) => this.dataset.large.replace("{name}", file.name).replace("{limit}", this.dataset.limit);
    this.field.setCustomValidity(large.map(say).join(" "));
    this.status.textContent = large.map(say).join(" ");
  }

  sending() {
    const files = [...this.field.files];
    const size = files.reduce((sum, file) => sum + file.size, 0) / 1024 / 1024;
    const format = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
    this.status.textContent = this.dataset.sending.replace("{number}", format.format(files.length)).replace("{size}", format.format(size));
  }
}

customElements.define("send-files", SendFiles);
