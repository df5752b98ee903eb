// SPDX-License-Identifier: Apache-2.0
// The copy button beside a list of facts or a text; it shows itself only where it can work.
"use strict";

function asText(list) {
  if (list instanceof HTMLTextAreaElement) {
    return list.value;
  }
  return [...list.querySelectorAll("div")]
    .map((row) => `${row.querySelector("dt").textContent}: ${row.querySelector("dd").textContent}`)
    .join("\n");
}

for (const button of document.querySelectorAll("button[data-copy]")) {
  const list = document.getElementById(button.dataset.copy);
  const status = button.parentElement.querySelector("[data-copy-status]");
  if (!list || !status || !navigator.clipboard) {
    continue;
  }
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(asText(list));
      status.textContent = button.dataset.copied;
    } catch {
      status.textContent = button.dataset.failed;
    }
  });
}
