// The line to the server: what is written here goes there, and what others write comes back. Frames are binary; the first
// byte says what they hold. An update counts as safe when the server has said so, and not before.

import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { applyUpdate, decodeStateVector, encodeStateAsUpdate, encodeStateVector, mergeUpdates } from "yjs";

/** What comes from elsewhere is marked with this, so that it is not sent back. */
export const ELSEWHERE = Symbol("elsewhere");

const HAVE = 1;
const CHANGE = 2;
const SAFE = 3;
const CURSOR = 4;

const BATCH = 50; // what is typed within this time goes as one change
const LARGEST = 900_000;
const SOONEST = 500;
const LATEST = 30_000;
const PATIENCE = 15_000; // without a word about what was sent: the line is dead
export const GONE = { signedOut: 4401, notYours: 4403, notThere: 4404, tooLarge: 4413, tooFast: 4429 };
const FINAL = new Set([GONE.signedOut, GONE.notYours, GONE.notThere]);

function frame(kind, bytes, number) {
  const made = encoding.createEncoder();
  encoding.writeUint8(made, kind);
  if (number !== undefined) encoding.writeVarUint(made, number);
  encoding.writeUint8Array(made, bytes);
  return encoding.toUint8Array(made);
}

/** Bytes in few pieces, none too large for one frame where that can be. */
function pieces(updates) {
  if (!updates.length) return [];
  const whole = mergeUpdates(updates);
  return whole.length > LARGEST && updates.length > 1 ? updates : [whole];
}

export class Wire {
  /** `told` is what hears of it: changed(), who(people), news(of), refused(why, sentence), cursor(person, bytes), opened(). */
  constructor({ doc, state, socket, told }) {
    Object.assign(this, { doc, told });
    this.stateAddress = state;
    this.address = new URL(socket, location.href);
    this.address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    this.unsent = []; // not sent, or sent and the line broke before it was safe
    this.sent = new Map(); // number -> update that is on its way
    this.tries = 0;
    this.phase = "loading"; // open, away (it tries again), over (it does not)
    this.code = 0;
    doc.on("update", (update, origin) => origin !== ELSEWHERE && this.add(update));
    addEventListener("online", () => this.now());
    addEventListener("offline", () => this.lost());
    document.addEventListener("visibilitychange", () => !document.hidden && this.now());
  }

  /** All that is not safe yet. */
  get open() {
    return [...this.sent.values(), ...this.unsent];
  }

  /** Fetch the whole text; then the line opens. Resolves when the text is there, however long that takes. */
  async load() {
    for (let tries = 0; ; tries++) {
      try {
        const answer = await fetch(this.stateAddress, { redirect: "manual", credentials: "same-origin", cache: "no-store" });
        const over = this.meaning(answer);
        if (over) {
          this.end(over);
          return false;
        }
        if (answer.ok) {
          const state = new Uint8Array(await answer.arrayBuffer());
          if (state.length) applyUpdate(this.doc, state, ELSEWHERE);
          return true;
        }
      } catch {
        // no connection
      }
      this.become("away");
      await new Promise((done) => {
        this.later = setTimeout(done, this.pause(tries));
        this.sooner = done;
      });
    }
  }

  meaning(answer) {
    if (answer.type === "opaqueredirect" || answer.status === 401) return GONE.signedOut;
    return { 403: GONE.notYours, 404: GONE.notThere, 410: GONE.notThere }[answer.status] || 0;
  }

  pause(tries) {
    return Math.min(LATEST, SOONEST * 2 ** tries) * (0.5 + Math.random() / 2);
  }

  become(phase, code = 0) {
    this.phase = phase;
    this.code = code;
    this.told.changed();
  }

  end(code) {
    clearTimeout(this.later);
    this.become("over", code);
  }

  connect() {
    clearTimeout(this.later);
    if (this.line || this.phase === "over" || this.stopped) return;
    if (!navigator.onLine) {
      this.become("away"); // the browser says when it is worth trying
      return;
    }
    const line = new WebSocket(this.address);
    line.binaryType = "arraybuffer";
    this.line = line;
    this.ready = false; // whether the server has said what it has
    this.number = 0;
    let opened = false;
    line.onopen = () => {
      opened = true;
      line.send(frame(HAVE, encodeStateVector(this.doc)));
      this.told.opened();
    };
    line.onmessage = ({ data }) => line === this.line && (typeof data === "string" ? this.words(JSON.parse(data)) : this.bytes(new Uint8Array(data)));
    line.onclose = ({ code }) => line === this.line && this.closed(code, opened);
  }

  /** At once, where it was waiting to try again. */
  now() {
    if (this.phase !== "away") return;
    this.tries = 0;
    if (this.sooner) this.sooner();
    else this.connect();
  }

  /** The device has no connection: what is on its way may never arrive. */
  lost() {
    if (!this.line) return;
    const line = this.line;
    this.closed(1006, true);
    line.close();
  }

  async closed(code, opened) {
    this.line = null;
    this.ready = false;
    clearTimeout(this.doubt);
    clearTimeout(this.soon);
    this.soon = this.doubt = null;
    this.unsent = this.open;
    this.sent.clear();
    if (FINAL.has(code)) {
      this.end(code);
      return;
    }
    if (code === GONE.tooLarge) this.hold("too_large", "");
    this.become("away", code);
    const wait = this.pause(this.tries++) + (code === GONE.tooFast ? 5000 : 0);
    this.later = setTimeout(() => this.connect(), wait);
    if (!opened && this.tries > 1 && navigator.onLine) await this.ask();
  }

  /** The line does not open: a page says why, where the browser hides it. */
  async ask() {
    const stop = new AbortController();
    try {
      const answer = await fetch(this.stateAddress, { redirect: "manual", cache: "no-store", signal: stop.signal });
      const over = this.meaning(answer);
      stop.abort();
      if (over && !this.line) this.end(over);
    } catch {
      // no connection: it goes on trying
    }
  }

  bytes(data) {
    const read = decoding.createDecoder(data);
    const kind = decoding.readUint8(read);
    if (kind === CHANGE) applyUpdate(this.doc, decoding.readTailAsUint8Array(read), ELSEWHERE);
    else if (kind === HAVE) this.answer(decodeStateVector(decoding.readTailAsUint8Array(read)));
    else if (kind === SAFE) this.safe(decoding.readVarUint(read));
    else if (kind === CURSOR) this.told.cursor(decoding.readVarUint(read), decoding.readTailAsUint8Array(read));
  }

  words(said) {
    if (said.type === "who") this.told.who(said.people);
    else if (said.type === "news") this.told.news(said.of);
    else if (said.type === "refused") this.refused(said);
  }

  /** The server has said what it has: it gets what it lacks, in one change. */
  answer(theirs) {
    this.ready = true;
    this.tries = 0;
    const own = decodeStateVector(encodeStateVector(this.doc));
    const lacks = [...own].some(([client, clock]) => (theirs.get(client) || 0) < clock);
    if (lacks && !this.held) {
      const missing = encodeStateAsUpdate(this.doc, encodeVector(theirs));
      if (missing.length <= LARGEST) this.unsent = [missing];
    }
    this.become("open");
    this.flush();
  }

  add(update) {
    this.unsent.push(update);
    if (this.held?.again) this.tryAgain();
    else if (this.ready) this.soon ??= setTimeout(() => this.flush(), BATCH);
    this.told.changed();
  }

  flush() {
    clearTimeout(this.soon);
    this.soon = null;
    if (!this.ready || this.held || this.line?.readyState !== WebSocket.OPEN) return;
    for (const update of pieces(this.unsent)) {
      this.sent.set(++this.number, update);
      this.line.send(frame(CHANGE, update, this.number));
    }
    this.unsent = [];
    this.expect();
  }

  expect() {
    clearTimeout(this.doubt);
    this.doubt = this.sent.size ? setTimeout(() => this.lost(), PATIENCE) : null;
  }

  safe(number) {
    for (const each of this.sent.keys()) if (each <= number) this.sent.delete(each);
    this.expect();
    this.told.changed();
  }

  /** A change was not kept. All from it on builds on it: it waits, and stays on the page and on the device. */
  refused({ n, why, sentence }) {
    for (const [number, update] of [...this.sent]) {
      if (number < n) continue;
      this.unsent.unshift(update);
      this.sent.delete(number);
    }
    this.unsent = this.unsent.length ? [mergeUpdates(this.unsent)] : [];
    this.expect();
    if (why === "too_fast") {
      this.tries = Math.max(this.tries, 3);
      this.lost();
    } else this.hold(why, sentence);
  }

  hold(why, sentence) {
    this.held = { why, sentence, again: why === "too_long" };
    this.told.refused(why, sentence);
    this.told.changed();
  }

  /** What was too long may be shorter by now. */
  tryAgain() {
    this.trying ??= setTimeout(() => {
      this.trying = null;
      this.held = null;
      this.told.refused("", "");
      this.flush();
    }, 1500);
  }

  sendCursor(bytes) {
    if (this.line?.readyState === WebSocket.OPEN && bytes.length <= 4000) this.line.send(frame(CURSOR, bytes));
  }

  /** The page goes, or comes back from being put away. */
  stop() {
    this.stopped = true;
    clearTimeout(this.later);
    this.flush();
    const line = this.line;
    this.lost();
    clearTimeout(this.later);
    line?.close();
  }

  resume() {
    if (!this.stopped) return;
    this.stopped = false;
    this.connect();
  }
}

function encodeVector(vector) {
  const made = encoding.createEncoder();
  encoding.writeVarUint(made, vector.size);
  for (const [client, clock] of vector) {
    encoding.writeVarUint(made, client);
    encoding.writeVarUint(made, clock);
  }
  return encoding.toUint8Array(made);
}
