// <week-grid>: a table of boxes that arrow keys walk through in the direction of reading. Space marks, as in any box.
// Without script it is a table of boxes, each a stop of the tab key.

class WeekGrid extends HTMLElement {
  connectedCallback() {
    this.rows = [...this.querySelectorAll("tbody tr")].map((row) => [...row.cells].map((cell) => cell.querySelector("input")));
    const boxes = this.boxes;
    if (!boxes.length) return;
    this.hint = this.querySelector(".week-grid__keys");
    if (this.hint) this.hint.hidden = matchMedia("(hover: none)").matches;
    this.stop(boxes[0]);
    this.addEventListener("keydown", (event) => this.pressed(event));
    this.addEventListener("focusin", (event) => boxes.includes(event.target) && this.stop(event.target));
  }

  get boxes() {
    return this.rows.flat().filter(Boolean);
  }

  /** The one box that the tab key comes to. */
  stop(here) {
    for (const box of this.boxes) box.tabIndex = box === here ? 0 : -1;
  }

  pressed(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const row = this.rows.findIndex((boxes) => boxes.includes(event.target));
    if (row < 0) return;
    const column = this.rows[row].indexOf(event.target);
    const forward = getComputedStyle(this).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const back = forward === "ArrowLeft" ? "ArrowRight" : "ArrowLeft";
    const along = this.rows[row].filter(Boolean);
    const steps = {
      [forward]: () => along[along.indexOf(event.target) + 1],
      [back]: () => along[along.indexOf(event.target) - 1],
      ArrowDown: () => this.rows.slice(row + 1).find((boxes) => boxes[column])?.[column],
      ArrowUp: () => this.rows.slice(0, row).findLast((boxes) => boxes[column])?.[column],
      Home: () => along[0],
      End: () => along.at(-1),
    };
    if (!(event.key in steps)) return;
    event.preventDefault();
    steps[event.key]()?.focus();
  }
}

customElements.define("week-grid", WeekGrid);
