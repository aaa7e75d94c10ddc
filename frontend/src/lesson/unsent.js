// What was written and the server has not said to be safe, in the sealed store of the device. Each page has a place of its
// own there, so that two tabs never write over one another; a page that opens takes over what earlier ones left.

import { mergeUpdates } from "yjs";
import { all, drop, keep } from "../device-store.js";

const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

function textOf(bytes) {
  let letters = "";
  for (let at = 0; at < bytes.length; at += 8192) letters += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(letters);
}

const PAUSE = 100; // what the server has before that, the device need not keep

export class Unsent {
  /** `say` answers with the updates that are not safe and the words of the parts that they are about. */
  constructor(lesson, say) {
    this.base = `lesson-${lesson}`;
    this.key = `${this.base}-${textOf(crypto.getRandomValues(new Uint8Array(6)))}`;
    this.say = say;
    this.taken = [];
    this.holds = true;
    this.busy = Promise.resolve();
  }

  /** What earlier pages left of this lesson, as [update, fields]. It stays in the store until it is kept anew or safe. */
  async left() {
    const own = (await all()).filter(([key]) => key === this.base || key.startsWith(`${this.base}-`));
    const found = [];
    for (const [key, value] of own) {
      try {
        found.push([bytesOf(value.update), value.fields || []]);
        this.taken.push([key, value]);
      } catch {
        // nothing of ours: it stays where it is
      }
    }
    return found;
  }

  /** Something was written, or became safe: the store follows in a moment. */
  changed() {
    this.waiting ??= setTimeout(() => this.follow(), PAUSE);
  }

  /** The store follows now; for a page that is put away. Resolves when it has. */
  follow() {
    clearTimeout(this.waiting);
    this.waiting = null;
    this.busy = this.busy.then(() => this.write()).catch(() => {});
    return this.busy;
  }

  async write() {
    const { updates, fields } = this.say();
    if (updates.length) {
      const update = textOf(mergeUpdates(updates));
      this.holds = await keep(this.key, { page: location.pathname, at: Date.now(), fields, update });
      this.kept = true;
      if (!this.holds) return; // what earlier pages left outlives this one: it stays
    } else if (this.kept) {
      await drop(this.key);
      this.kept = false;
    }
    for (const [key, value] of this.taken.splice(0)) await drop(key, value);
  }
}
