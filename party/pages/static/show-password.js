// SPDX-License-Identifier: Apache-2.0
// The button that shows the password; it shows itself only where it can work.
"use strict";

for (const button of document.querySelectorAll("button[data-show-password]")) {
  const field = document.getElementById(button.dataset.showPassword);
  button.hidden = false;
  button.addEventListener("click", () => {
    const isShown = field.type === "text";
    field.type = isShown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!isShown));
  });
  // A browser must not remember a shown password as an ordinary text.
  field.form.addEventListener("submit", () => {
    field.type = "password";
  });
}
