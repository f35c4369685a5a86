"use strict";
// Something happened: the page asks for itself again and puts the new in the place of the old.

const about = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";
let asking = false;
let again = false;

async function refresh() {
  if (asking) { again = true; return; }
  asking = true;
  try {
    do {
      again = false;
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (answer.redirected) { location.reload(); return; }
      if (answer.ok) renew(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } while (again);
  } finally {
    asking = false;
  }
}

function renew(fresh) {
  for (const place of document.querySelectorAll("[data-live]")) {
    const successor = fresh.getElementById(place.id);
    if (successor && successor.innerHTML !== place.innerHTML) replace(place, successor);
  }
  ready();
}

// A reader's place is kept: what is open stays open, what has the focus or was scrolled has it again.
function replace(place, successor) {
  const open = [...place.querySelectorAll("details[open][id]")].map((one) => one.id);
  const known = new Set([...place.querySelectorAll("tr[id]")].map((row) => row.id));
  const scrolled = [...place.querySelectorAll(".scroll")].map((one) => one.scrollLeft);
  const focused = place.contains(document.activeElement) ? path(document.activeElement, place) : null;
  place.replaceChildren(...document.importNode(successor, true).childNodes);
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  place.querySelectorAll(".scroll").forEach((one, at) => { one.scrollLeft = scrolled[at] ?? 0; });
  const rows = [...place.querySelectorAll("tr[id]")].filter((row) => !known.has(row.id));
  for (const row of rows) row.classList.add("fresh");
  if (rows.length) tell(rows.at(-1));
  if (focused) place.querySelector(focused)?.focus({ preventScroll: true });
}

function path(element, place) {
  if (element === place) return null;
  if (element.id) return `#${CSS.escape(element.id)}`;
  for (const name of ["href", "value", "aria-label"]) {
    const value = element.getAttribute(name);
    if (value) return `${element.localName}[${name}="${CSS.escape(value)}"]`;
  }
  return null;
}

function tell(row) {
  const news = row.querySelector(".what p")?.textContent.trim();
  if (news) document.getElementById("news").textContent = news;
}

function ready() {
  for (const field of document.querySelectorAll('input[name="back"]')) field.value = location.pathname + location.search;
}

document.addEventListener("submit", (event) => event.submitter?.setAttribute("aria-busy", "true"));
ready();

const mine = about("case");
const stream = new EventSource(`${about("stream")}?after=${encodeURIComponent(about("cursor"))}`);
stream.addEventListener("message", (message) => {
  const { case: touched } = JSON.parse(message.data);
  if (!mine || !touched || touched === mine) refresh();
});
stream.addEventListener("error", () => {
  // A stream that is refused does not come back by itself: the session has ended, or the world is gone.
  if (stream.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 5000);
});
