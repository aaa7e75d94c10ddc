// What a person has written and not yet sent, kept on the device: the one store for drafts and offline work.
//
// Every value is sealed (AES-GCM) with a key of that person which the browser holds and no script can read out.
// The key goes at sign-out, and all she left on this device is unreadable from then on. On a shared computer the
// sealed values live in the tab and go with it. Where the browser offers no sealing (a page without https), nothing
// outlives the page.

const root = document.documentElement;
const person = root.dataset.person;
const shared = "shared" in root.dataset;
const unsealed = new Map(); // for browsers without sealing: only as long as the page
const sealedAs = new WeakMap(); // a value that was read -> what its seal looked like

const asked = (request) =>
  new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });

let opened;
function database() {
  if (!opened) {
    const request = indexedDB.open("side-by-side", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("keys");
      request.result.createObjectStore("kept");
    };
    opened = asked(request);
  }
  return opened;
}

async function within(store, mode, act) {
  const transaction = (await database()).transaction(store, mode);
  const result = await asked(act(transaction.objectStore(store)));
  if (mode === "readonly") return result;
  return new Promise((done, failed) => {
    transaction.oncomplete = () => done(result);
    transaction.onabort = transaction.onerror = () => failed(transaction.error);
  });
}

/** This person's key, made at the first need. Two tabs that make one at once end up with the same. */
async function ownKey(make) {
  const found = await within("keys", "readonly", (keys) => keys.get(person));
  if (found || !make) return found;
  const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  try {
    await within("keys", "readwrite", (keys) => keys.add(fresh, person));
    return fresh;
  } catch {
    return within("keys", "readonly", (keys) => keys.get(person));
  }
}

const name = (key) => `${person}/${key}`;
const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const textOf = (bytes) => btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(""));

const inTab = {
  put: (key, { nonce, sealed }) => sessionStorage.setItem(key, JSON.stringify([textOf(nonce), textOf(sealed)])),
  get: (key) => {
    const found = JSON.parse(sessionStorage.getItem(key) || "null");
    return found && { nonce: bytesOf(found[0]), sealed: bytesOf(found[1]) };
  },
  delete: (key) => sessionStorage.removeItem(key),
  deleteSame: (key, seal) => {
    const found = inTab.get(key);
    if (found && textOf(found.nonce) === seal) inTab.delete(key);
  },
  names: () => Object.keys(sessionStorage),
};
const onDevice = {
  put: (key, value) => within("kept", "readwrite", (kept) => kept.put(value, key)),
  get: (key) => within("kept", "readonly", (kept) => kept.get(key)),
  delete: (key) => within("kept", "readwrite", (kept) => kept.delete(key)),
  deleteSame: async (key, seal) => {
    const kept = (await database()).transaction("kept", "readwrite").objectStore("kept");
    const found = await asked(kept.get(key));
    if (found && textOf(found.nonce) === seal) await asked(kept.delete(key));
  },
  names: () => within("kept", "readonly", (kept) => kept.getAllKeys()),
};
const place = shared ? inTab : onDevice;

const sealable = Boolean(person && globalThis.indexedDB && globalThis.crypto && crypto.subtle);

/** Keep a value (anything JSON can hold) under a key. Answers whether it will outlive the page. */
export async function keep(key, value) {
  if (!person) return false;
  if (sealable) {
    try {
      const nonce = crypto.getRandomValues(new Uint8Array(12));
      const plain = new TextEncoder().encode(JSON.stringify(value));
      const about = new TextEncoder().encode(name(key));
      const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData: about }, await ownKey(true), plain);
      await place.put(name(key), { nonce, sealed });
      return true;
    } catch {
      // a browser that refuses storage (private window, full disk): the page still has it
    }
  }
  unsealed.set(name(key), value);
  return false;
}

/** The value kept under a key, or null: also for one whose seal no longer opens. */
export async function read(key) {
  if (!person) return null;
  if (sealable) {
    try {
      const found = await place.get(name(key));
      const own = found && (await ownKey(false));
      if (own) {
        const about = new TextEncoder().encode(name(key));
        const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: found.nonce, additionalData: about }, own, found.sealed);
        const value = JSON.parse(new TextDecoder().decode(plain));
        if (value && typeof value === "object") sealedAs.set(value, textOf(found.nonce));
        return value;
      }
    } catch {
      // sealed with a key that is gone
    }
  }
  return unsealed.get(name(key)) ?? null;
}

/** Forget what is kept under a key. With a value that was read from there: only if it is still that one. */
export async function drop(key, value) {
  if (value === undefined || unsealed.get(name(key)) === value) unsealed.delete(name(key));
  if (!sealable) return;
  try {
    if (value === undefined) await place.delete(name(key));
    else if (sealedAs.has(value)) await place.deleteSame(name(key), sealedAs.get(value));
  } catch {
    // nothing was kept
  }
}

/** Everything this person has on this device, as a list of [key, value]. */
export async function all() {
  if (!person) return [];
  const start = name("");
  const names = new Set(unsealed.keys());
  if (sealable) {
    try {
      for (const found of await place.names()) names.add(found);
    } catch {
      // no storage, nothing kept
    }
  }
  const mine = [...names].filter((found) => found.startsWith(start)).map((found) => found.slice(start.length));
  const values = await Promise.all(mine.map(async (key) => [key, await read(key)]));
  return values.filter(([, value]) => value !== null);
}

/** Destroy this person's key and all she has here. For sign-out. */
export async function wipe() {
  unsealed.clear();
  if (!sealable) return;
  try {
    await within("keys", "readwrite", (keys) => keys.delete(person));
    for (const found of await place.names()) if (found.startsWith(name(""))) await place.delete(found);
  } catch {
    // no storage, nothing kept
  }
}
