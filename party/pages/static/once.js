// SPDX-License-Identifier: Apache-2.0
// A form marked data-once is sent once: a double click does not send it again.
"use strict";

// After this long a form may be sent again: the first attempt may have been stopped, and the page is still here.
const PAUSE = 10000;

function release(form) {
  delete form.dataset.sent;
  form.removeAttribute("aria-busy");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.hasAttribute("data-once")) {
    return;
  }
  if (form.dataset.sent === "true") {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "true";
  form.setAttribute("aria-busy", "true");
  setTimeout(release, PAUSE, form);
});

// Coming back to the page by the back button makes its forms usable again.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) {
    return;
  }
  document.querySelectorAll('form[data-sent="true"]').forEach(release);
});
