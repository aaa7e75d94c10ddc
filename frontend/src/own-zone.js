// <own-zone>: the time zone of this device is chosen in the list within it, where the list knows it. Without script whoever
// sets up chooses it.

class OwnZone extends HTMLElement {
  connectedCallback() {
    const list = this.querySelector("select");
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    if ([...list.options].some(({ value }) => value === timeZone)) list.value = timeZone;
  }
}

customElements.define("own-zone", OwnZone);
