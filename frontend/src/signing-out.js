// Signing out destroys the device's key. What was not sent is offered as a file before.

import { all, wipe } from "./device-store.js";

/** Drafts as plain text, one below the other, for a file. */
function asText(drafts) {
  return drafts
    .map(([, { page, at, fields = [] }]) => {
      const words = fields.filter(([name, choice, content]) => choice === null && name !== "version" && String(content).trim());
      return [`${page}  ${new Date(at).toLocaleString(document.documentElement.lang)}`, ...words.map(([, , content]) => content)].join("\n\n");
    })
    .join("\n\n----\n\n");
}

function offer(form, drafts) {
  const panel = document.createElement("div");
  panel.className = "sure__ask";
  panel.setAttribute("role", "alert");
  const words = document.createElement("p");
  words.textContent = form.dataset.unsent;
  const file = document.createElement("a");
  file.className = "button";
  file.download = "unsent.txt";
  file.href = URL.createObjectURL(new Blob([asText(drafts)], { type: "text/plain" }));
  file.textContent = form.dataset.file;
  const go = document.createElement("button");
  go.className = "button button--quiet";
  go.type = "button";
  go.textContent = form.dataset.go;
  go.addEventListener("click", () => leave(form));
  panel.append(words, file, go);
  form.after(panel);
  form.hidden = true;
  file.focus();
}

async function leave(form) {
  await wipe();
  form.submit();
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-signs-out]")) return;
  event.preventDefault();
  const drafts = await all();
  if (drafts.length) offer(form, drafts);
  else await leave(form);
});
