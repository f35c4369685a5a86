"use strict";
// The console: plain requests with the caller's own token. It knows nothing that the API does not tell it.

const state = { token: "", after: null, chosen: null, known: 0, reading: null };
const GOOD = new Set(["CONSENTED", "CLOSED", "COMPLETED", "released", "consent", "consent-with-conditions"]);
const BAD = new Set(["OBJECTED", "REJECTED", "refused", "objection", "not-consent"]);
const $ = (id) => document.getElementById(id);

function make(tag, text, kind) {
  const element = document.createElement(tag);
  if (text !== undefined && text !== null) element.textContent = text;
  if (kind) element.className = kind;
  return element;
}

function tone(word) {
  return GOOD.has(word) ? " good" : BAD.has(word) ? " bad" : "";
}

function words(name) {
  return String(name ?? "").replaceAll("_", " ").toLowerCase();
}

function moment(text) {
  return text ? text.replace("T", " ").replace(/:\d\d(\.\d+)?Z$/, " UTC") : "";
}

function tonnes(kilograms) {
  return kilograms === null || kilograms === undefined ? "" : `${kilograms / 1000} t`;
}

async function ask(path) {
  const answer = await fetch(path, { headers: { Authorization: `Bearer ${state.token}` } });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.detail || answer.statusText);
  return body;
}

async function tokenFor(id, secret) {
  const form = new URLSearchParams({ grant_type: "client_credentials", client_id: id, client_secret: secret });
  const answer = await fetch("/oauth/token", { method: "POST", body: form });
  const body = await answer.json();
  if (!answer.ok) throw new Error("Client id and secret do not fit.");
  return body.access_token;
}

function claims() {
  const part = state.token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
  return JSON.parse(atob(part));
}

async function enter(token) {
  state.token = token;
  const who = claims();
  if (!who.world) throw new Error("This token belongs to no world; take a client of one.");
  await refresh();
  $("who").textContent = `${who.state}/${who.agency} (${who.roles.join(", ")}) in world ${who.world}`;
  $("entrance").hidden = true;
  $("house").hidden = false;
  $("leave").hidden = false;
  follow();
}

function leave() {
  state.reading?.abort();
  history.replaceState(null, "", "/");
  location.reload();
}

function entry(title, lines, chosen, act) {
  const item = make("li");
  const button = make("button");
  button.type = "button";
  button.append(make("strong", title), ...lines.filter(Boolean).map((line) => make("span", line)));
  if (chosen) button.setAttribute("aria-current", "true");
  button.addEventListener("click", act);
  item.append(button);
  return item;
}

function caseEntry(found) {
  const load = found.consignment;
  const what = load ? `${load.code} ${load.waste}, ${load.states.join(" > ")}` : "no notification yet";
  return entry(found.number ?? "Case without number", [what, words(found.state)], found.case === state.chosen, () =>
    choose(found.case));
}

function taskEntry(task) {
  const due = task.due_at ? `${task.overdue ? "overdue since" : "due"} ${moment(task.due_at)}` : "";
  return entry(task.sentence, [due, task.article], false, () => choose(task.case));
}

function fill(list, entries, nothing) {
  list.replaceChildren(...(entries.length ? entries : [make("li", nothing, "empty")]));
}

async function refresh() {
  const [page, work] = await Promise.all([ask("/v1/cases?limit=500"), ask("/v1/worklist")]);
  fill($("cases"), page.cases.map(caseEntry), "No case concerns you yet.");
  fill($("tasks"), work.tasks.slice(0, 50).map(taskEntry), "Nothing waits for you.");
  state.after = page.next;
  $("more-cases").hidden = !page.next;
}

async function more() {
  const page = await ask(`/v1/cases?limit=500&after=${encodeURIComponent(state.after)}`);
  $("cases").append(...page.cases.map(caseEntry));
  state.after = page.next;
  $("more-cases").hidden = !page.next;
}

async function choose(id) {
  state.chosen = id;
  state.known = 0;
  await Promise.all([show(), refresh()]);
  $("case").focus({ preventScroll: true });
}

function facts(pairs) {
  const list = make("dl");
  for (const [name, value] of pairs) {
    if (value) list.append(make("dt", name), make("dd", value));
  }
  return list;
}

function table(title, heads, rows) {
  if (!rows.length) return [];
  const box = make("div", null, "scroll");
  const body = make("table");
  const head = make("tr");
  head.append(...heads.map((name) => make("th", name)));
  body.append(head);
  for (const row of rows) {
    const line = make("tr");
    line.append(...row.map((cell) => {
      const place = make("td");
      place.append(cell instanceof Node ? cell : make("span", cell));
      return place;
    }));
    body.append(line);
  }
  box.append(body);
  return [make("h3", title), box];
}

function badge(word) {
  return make("span", words(word) || "open", `state${tone(word)}`);
}

function verdicts(found) {
  return found.authorities.map((one) => [
    `${one.authority} (${one.role})`,
    badge(one.verdict),
    one.decided_on ?? (one.decision_due_at ? `due ${moment(one.decision_due_at)}` : ""),
    [...one.conditions, ...one.reasons].join("; "),
  ]);
}

function shipments(found) {
  return found.movements.map((one) => [
    String(one.shipment), badge(one.state), one.start_date, tonnes(one.received_kg ?? one.departed_kg ?? one.prenotified_kg),
  ]);
}

function declarations(found) {
  return found.declarations.map((one) => [
    `${one.office}, ${one.direction}`,
    badge(one.outcome),
    tonnes(one.net_kg),
    one.checks.filter((check) => check.outcome === "fail").map((check) => `${check.id} ${check.title}: ${check.detail}`)
      .join("; ") || one.reasons.join("; "),
  ]);
}

function happened(one, place, bad) {
  const item = make("li", null, [place >= state.known && state.known ? "fresh" : "", bad ? "bad" : ""].join(" ").trim());
  item.append(make("time", `${moment(one.time)} - ${one.who}${one.channel === "paper" ? " (on paper)" : ""}`));
  item.append(make("strong", one.summary), make("span", one.why, "why"));
  if (one.details.length) {
    const list = make("ul");
    list.append(...one.details.map((line) => make("li", line)));
    item.append(list);
  }
  return item;
}

async function show() {
  const found = await ask(`/v1/cases/${state.chosen}`);
  const load = found.consignment;
  const title = make("h2", `${found.number ?? "Case without number"} `);
  title.append(badge(found.state));
  const line = make("ol", null, "timeline");
  line.append(...found.timeline.map((one, place) => happened(one, place, /objected|refused|held/.test(one.type))));
  state.known = found.timeline.length;
  $("case").replaceChildren(
    title,
    facts([
      ["Waste", load && `${load.code} ${load.waste}, ${tonnes(load.quantity_kg)} in ${load.shipments} shipment(s)`],
      ["From", load && `${load.exporter_name} (${load.states[0]})`],
      ["To", load && `${load.facility_name} (${load.states.at(-1)}), ${load.operation}`],
      ["Guarantee", found.guarantee && `${found.guarantee.amount} ${found.guarantee.currency}` +
        `${found.guarantee.released_on ? ", released" : found.guarantee.approved_on ? ", approved" : ", not approved"}`],
      ["Authorised", found.authorisation && `${found.authorisation.authorisation_no}, ` +
        `${found.authorisation.valid_from} to ${found.authorisation.valid_to}`],
      ["Quantity", found.authorisation && `${tonnes(found.ledger.authorised_kg)} authorised, ` +
        `${tonnes(found.ledger.available_kg)} free, ${tonnes(found.ledger.reserved_kg)} reserved, ` +
        `${tonnes(found.ledger.consumed_kg)} used`],
    ]),
    ...table("Authorities", ["Authority", "Verdict", "When", "Conditions and reasons"], verdicts(found)),
    ...table("Shipments", ["No", "State", "Start", "Quantity"], shipments(found)),
    ...table("Customs", ["Office", "Outcome", "Declared", "Why"], declarations(found)),
    ...table("Messages that wait", ["Where", "What", "Why"], found.waiting.map((one) => [one.service, one.type, one.detail])),
    make("h3", "What happened"),
    line,
  );
}

// EventSource cannot send a token in a header, so the stream is read by hand.
async function follow() {
  let last = "";
  for (;;) {
    state.reading = new AbortController();
    try {
      const headers = { Authorization: `Bearer ${state.token}`, ...(last && { "Last-Event-ID": last }) };
      const answer = await fetch(`/v1/events/stream?after=${last ? "" : "end"}`, { headers, signal: state.reading.signal });
      if (answer.status === 401) return leave();
      last = await read(answer.body.getReader(), last);
    } catch (error) {
      if (error.name === "AbortError") return;
    }
    await new Promise((done) => setTimeout(done, 1000));
  }
}

async function read(reader, last) {
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return last;
    text += decoder.decode(value, { stream: true });
    const blocks = text.split("\n\n");
    text = blocks.pop();
    const ids = blocks.map((block) => /^id: (.*)$/m.exec(block)?.[1]).filter(Boolean);
    if (ids.length) {
      last = ids.at(-1);
      await Promise.all([refresh(), state.chosen ? show() : null]);
    }
  }
}

$("enter").addEventListener("submit", async (event) => {
  event.preventDefault();
  $("refusal").textContent = "";
  try {
    await enter(await tokenFor($("client-id").value.trim(), $("client-secret").value));
  } catch (error) {
    $("refusal").textContent = error.message;
  }
});
$("leave").addEventListener("click", leave);
$("more-cases").addEventListener("click", more);

const given = new URLSearchParams(location.hash.slice(1));
if (given.get("token")) {
  history.replaceState(null, "", "/");
  enter(given.get("token"))
    .then(() => given.get("case") && choose(given.get("case")))
    .catch((error) => { $("refusal").textContent = error.message; });
}
