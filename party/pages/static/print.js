// SPDX-License-Identifier: Apache-2.0
// On paper nothing can be unfolded, so the details are printed open.
"use strict";

const opened = new Set();

window.addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details:not([open])")) {
    details.open = true;
    opened.add(details);
  }
});

window.addEventListener("afterprint", () => {
  for (const details of opened) {
    details.open = false;
  }
  opened.clear();
});
