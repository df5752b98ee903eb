// SPDX-License-Identifier: Apache-2.0
// Makes the search field a combobox (WAI-ARIA Authoring Practices, list autocomplete with manual selection):
// schools appear while a person types. Enter without a chosen school, and any failure, fall back to the plain form.
"use strict";

const PAUSE_MS = 150;
const SHORTEST = 2;

const form = document.querySelector('form[data-purpose="search"]');
const field = document.getElementById("q");
const live = document.getElementById("live-results");
const said = live.querySelector('[role="status"]');
const list = document.getElementById("suggestions");
const sending = live.querySelector("form");
const results = document.getElementById("results");

let timer;
let asking;
let asked = field.value.trim();

function options() {
  return [...list.children];
}

function active() {
  return list.querySelector('[aria-selected="true"]');
}

function activate(option) {
  active()?.setAttribute("aria-selected", "false");
  if (option) {
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", option.id);
  } else {
    field.removeAttribute("aria-activedescendant");
  }
}

function show(schools) {
  activate(null);
  list.replaceChildren(...schools.map(optionOf));
  list.hidden = schools.length === 0;
  field.setAttribute("aria-expanded", String(schools.length > 0));
}

function say(paragraphs) {
  said.replaceChildren(
    ...paragraphs.map((text) => {
      const paragraph = document.createElement("p");
      paragraph.textContent = text;
      return paragraph;
    }),
  );
}

function close() {
  clearTimeout(timer);
  asking?.abort();
  show([]);
  say([]);
}

function nameParts(names) {
  return names.flatMap((name, number) => {
    const element = document.createElement("span");
    if (name.lang !== document.documentElement.lang) {
      element.lang = name.lang;
    }
    element.append(
      ...name.pieces.map(([text, isMatch]) => {
        if (!isMatch) {
          return text;
        }
        const mark = document.createElement("mark");
        mark.textContent = text;
        return mark;
      }),
    );
    return number === 0 ? [element] : [" (", element, ")"];
  });
}

function optionOf(school, number) {
  const option = document.createElement("div");
  option.id = `suggestion-${number}`;
  option.className = "school";
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  const name = document.createElement("strong");
  name.append(...nameParts(school.name));
  const details = document.createElement("span");
  details.append(...nameParts(school.place));
  details.append([school.place.length && school.level ? " · " : "", school.level ?? ""].join(""));
  option.append(name, " ", details);
  option.addEventListener("click", () => choose(option));
  option.dataset.source = school.source;
  option.dataset.school = JSON.stringify(school.remembered);
  return option;
}

function choose(option) {
  activate(option);
  sending.dataset.remembered = option.dataset.school;
  sending.elements.source.value = option.dataset.source;
  sending.requestSubmit();
}

async function ask(query) {
  asking?.abort();
  asking = new AbortController();
  const address = new URL(form.dataset.suggestions, location.href);
  address.search = new URLSearchParams({ q: query, lang: document.documentElement.lang });
  try {
    const response = await fetch(address, { signal: asking.signal });
    if (!response.ok) {
      throw new Error(`status ${response.status}`);
    }
    const answer = await response.json();
    show(answer.choices);
    say(answer.status);
  } catch (error) {
    if (error.name !== "AbortError") {
      show([]);
      say([form.dataset.failed]);
    }
  }
}

function onInput() {
  const query = field.value.trim();
  if (query === asked) {
    return;
  }
  asked = query;
  results.hidden = true;
  live.hidden = false;
  clearTimeout(timer);
  if (query.length < SHORTEST) {
    close();
    return;
  }
  timer = setTimeout(ask, PAUSE_MS, query);
}

function move(event) {
  const all = options();
  if (all.length === 0) {
    return;
  }
  event.preventDefault();
  const step = event.key === "ArrowDown" ? 1 : -1;
  const from = all.indexOf(active());
  activate(all[(from === -1 && step === -1 ? all.length - 1 : from + step + all.length) % all.length]);
}

field.addEventListener("input", (event) => {
  if (!event.isComposing) {
    onInput();
  }
});
field.addEventListener("compositionend", onInput);

field.addEventListener("keydown", (event) => {
  if (event.isComposing) {
    return;
  }
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    move(event);
  } else if (event.key === "Enter" && active()) {
    event.preventDefault();
    choose(active());
  } else if (event.key === "Escape" && options().length > 0) {
    event.preventDefault();
    close();
    asked = "";
  }
});

// A click must not take the focus out of the field, or the keyboard would lose its place.
list.addEventListener("mousedown", (event) => event.preventDefault());

field.setAttribute("role", "combobox");
field.setAttribute("aria-autocomplete", "list");
field.setAttribute("aria-controls", "suggestions");
field.setAttribute("aria-expanded", "false");
list.hidden = true;
