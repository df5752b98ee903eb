// SPDX-License-Identifier: Apache-2.0
// "Last selected": the schools chosen in this browser, newest first, kept in its localStorage and nowhere else.
// It holds names of schools and nothing of the person. What is read back is checked, and shown as text only.
"use strict";

const STORED_UNDER = "last-selected";
const MOST_REMEMBERED = 5;

const section = document.getElementById("last-selected");
const removalStatus = document.getElementById("last-selected-status");

function isNames(value) {
  return value !== null && typeof value === "object" && typeof value.fi === "string";
}

function isSchool(value) {
  return (
    value !== null &&
    typeof value === "object" &&
    typeof value.source === "string" &&
    isNames(value.name) &&
    (value.place === null || isNames(value.place))
  );
}

function remembered() {
  try {
    const stored = JSON.parse(localStorage.getItem(STORED_UNDER) ?? "[]");
    return Array.isArray(stored) ? stored.filter(isSchool).slice(0, MOST_REMEMBERED) : [];
  } catch {
    return [];
  }
}

function keep(schools) {
  try {
    localStorage.setItem(STORED_UNDER, JSON.stringify(schools));
  } catch {
    // A full or closed storage only means that the school is searched for again.
  }
}

function isSame(one, other) {
  return one.source === other.source && one.code === other.code;
}

function remember(school) {
  keep([school, ...remembered().filter((other) => !isSame(other, school))].slice(0, MOST_REMEMBERED));
}

function write(element, names) {
  const language = section.dataset.language;
  element.textContent = names[language] ?? names.fi;
  if (!names[language]) {
    element.lang = "fi";
  }
  return element.textContent;
}

function entry(school) {
  const item = section.querySelector("template").content.cloneNode(true).firstElementChild;
  const form = item.querySelector("form");
  form.dataset.source = school.source;
  form.dataset.remembered = JSON.stringify(school);
  form.elements.source.value = school.source;
  const name = write(item.querySelector("strong"), school.name);
  const details = item.querySelector(".school > span");
  if (school.place) {
    write(details.appendChild(document.createElement("span")), school.place);
  }
  const level = section.getAttribute(`data-level-${school.level}`);
  details.append([school.place && level ? " · " : "", level ?? ""].join(""));
  const button = item.querySelector("[data-remove]");
  button.setAttribute("aria-label", `${button.textContent}: ${name}`);
  button.addEventListener("click", () => remove(school, item, name));
  return item;
}

function remove(school, item, name) {
  keep(remembered().filter((other) => !isSame(other, school)));
  const next = item.nextElementSibling ?? item.previousElementSibling;
  item.remove();
  removalStatus.textContent = `${section.dataset.removed}: ${name}`;
  if (next) {
    next.querySelector("[data-remove]").focus();
  } else {
    section.hidden = true;
    document.getElementById("q").focus();
  }
}

function isUsable(school) {
  const only = section.dataset.onlySources;
  return only === undefined || only.split(" ").includes(school.source);
}

document.addEventListener("submit", (event) => {
  const school = event.target.dataset.remembered;
  if (school) {
    remember(JSON.parse(school));
  }
});

const usable = remembered().filter(isUsable);
section.querySelector("ul").append(...usable.map(entry));
section.hidden = usable.length === 0;
document.querySelector("[data-last-selected-promise]").hidden = usable.length > 0;
