// SPDX-License-Identifier: Apache-2.0
// Sends the page's SAML form at once; its button stays for browsers without JavaScript.
"use strict";

// A page restored by the back button must not send its message a second time.
const arrivedByHistory = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
const form = document.querySelector('form[data-purpose="saml-post"]');
if (form && !arrivedByHistory) {
  form.requestSubmit();
}
