// <send-files data-sending="Sending {number} files, {size} MB …" data-large="{name} is larger than {limit} MB."
// data-limit="25" data-picture="20" data-many="Choose at most …" data-most="20"><form>…: says that files are under way,
// and which are too large or too many, before minutes are spent on sending them.

const MEGABYTE = 1024 * 1024;

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
    const files = [...this.field.files];
    const said = files.filter((file) => file.size > this.limitOf(file) * MEGABYTE).map((file) => this.large(file));
    if (files.length > Number(this.dataset.most)) said.unshift(this.dataset.many);
    this.field.setCustomValidity(said.join(" "));
    this.status.textContent = said.join(" ");
  }

  limitOf(file) {
    return Number(file.type.startsWith("image/") ? this.dataset.picture : this.dataset.limit);
  }

  large(file) {
    // (a name may hold signs that mean something in the text that replaces another)
    return this.dataset.large.replace("{limit}", this.limitOf(file)).replace("{name}", () => file.name);
  }

  sending() {
    const files = [...this.field.files];
    const size = files.reduce((sum, file) => sum + file.size, 0) / MEGABYTE;
    const format = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
    this.status.textContent = this.dataset.sending.replace("{number}", format.format(files.length)).replace("{size}", format.format(size));
  }
}

customElements.define("send-files", SendFiles);
