"use strict";
// Everything shown is set as text; nothing that came through an API is ever read as HTML.

const REFRESH_MS = 2000;
const MAILS_SHOWN = 3;
const ROWS_SHOWN = 60;
const KINDS = [["charges", "Charge"], ["declined", "Declined"], ["records", "Recorded"], ["refunds", "Refund"],
  ["alternatives", "Alternative"], ["elsewhere", "Elsewhere"]];
const BY = {colleague: "A colleague", robot: "A robot", automation: "The hotel's automation", guest: "A guest",
  terminal: "A terminal", bank: "The bank"};
const NEEDS = {seconds: ["delay", "drip"], status: ["status_before", "status_after"]};

const at = (id) => document.getElementById(id);
let day = null;

function made(tag, text, className) {
  const element = document.createElement(tag);
  element.textContent = text;
  if (className) element.className = className;
  return element;
}

function say(text, good) {
  at("said").textContent = text;
  at("said").className = good ? "good" : "bad";
}

async function ask(method, name, body) {
  const answer = await fetch("/_sandbox/" + name, {method, body: body === undefined ? undefined : JSON.stringify(body)});
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.Message);
  return told;
}

async function act(method, name, body, done) {
  try {
    const told = await ask(method, name, body);
    say(typeof done === "function" ? done(told) : done, true);
  } catch (problem) {
    say(problem.message, false);
  }
  await refresh();
}

function showEntries(ledger) {
  const rows = KINDS.flatMap(([key, label]) => ledger[key].map((entry) => [label, entry]).reverse());
  const shown = rows.slice(0, ROWS_SHOWN).map(([label, entry]) => {
    const row = document.createElement("tr");
    for (const text of [label, entry.reference || BY[entry.by] || "Without a reference", entry.amount + " " + entry.currency, entry.state || entry.type])
      row.append(made("td", text));
    return row;
  });
  if (!shown.length) {
    const nothing = made("td", "Nothing has come through the API yet.", "none");
    nothing.colSpan = 4;
    shown.push(document.createElement("tr"));
    shown[0].append(nothing);
  }
  at("entries").replaceChildren(...shown);
}

function showFaults(told) {
  at("faults").replaceChildren(...told.faults.map((fault) => {
    const often = fault.times === null ? "every time" : fault.times === 1 ? "once" : fault.times + " times";
    return made("li", fault.operation + ": " + fault.fault + ", " + often);
  }));
  if (at("operation").options.length === 1)
    at("operation").append(...told.operations.map((name) => made("option", name)));
}

function showMails(mails) {
  at("mails").replaceChildren(...mails.slice(-MAILS_SHOWN).reverse().map((mail) => {
    const link = made("a", mail.subject + " (" + mail.to + ")");
    link.href = mail.link;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    const item = document.createElement("li");
    item.append(link);
    return item;
  }));
}

async function refresh() {
  let ledger, faults, mails;
  try {
    [day, ledger, faults, mails] = await Promise.all(
      [ask("GET", "day"), ask("GET", "ledger"), ask("GET", "faults"), ask("GET", "mails")]);
  } catch {
    say("The training hotel does not answer.", false);
    return;
  }
  for (const id of ["hotel", "now", "business_date"]) at(id).textContent = day[id];
  for (const [id, count] of Object.entries(day.guests)) at(id).textContent = count;
  for (const [id, count] of Object.entries(day.waiting)) at("w-" + id).textContent = count;
  for (const id of ["charges", "declined", "records", "refunds", "elsewhere"]) at(id).textContent = ledger[id].length;
  at("requests").textContent = Object.values(ledger.requests).reduce((sum, count) => sum + count, 0);
  showEntries(ledger);
  showFaults(faults);
  showMails(mails.mails);
}

function showNeeded() {
  for (const [id, kinds] of Object.entries(NEEDS)) at(id).parentElement.hidden = !kinds.includes(at("kind").value);
}

for (const button of document.querySelectorAll("[data-what]"))
  button.addEventListener("click", () => act("POST", "happenings", {what: button.dataset.what, customer_id: null},
    (told) => button.textContent + ": " + told.customer + "."));
for (const button of document.querySelectorAll("[data-advance]"))
  button.addEventListener("click", () => act("POST", "clock", {advance_s: Number(button.dataset.advance)},
    "The clock was moved " + button.textContent.toLowerCase() + "."));
at("close_day").addEventListener("click", () => act("POST", "clock", {now: day.closed_by}, "The business day is over."));
at("reset").addEventListener("click", () => {
  if (confirm("Reset the hotel to its first day? Everything that was done in it is forgotten."))
    act("POST", "reset", undefined, "It is the first day again.");
});
at("kind").addEventListener("change", showNeeded);
at("clear").addEventListener("click", () => act("DELETE", "faults", undefined, "All faults are cleared."));
at("fault").addEventListener("submit", (event) => {
  event.preventDefault();
  const asked = {operation: at("operation").value, fault: at("kind").value};
  for (const id of Object.keys(NEEDS)) if (!at(id).parentElement.hidden) asked[id] = Number(at(id).value);
  asked.times = at("times").value === "" ? null : Number(at("times").value);
  act("POST", "faults", asked, "The fault is set.");
});

async function live() {
  if (!document.hidden) await refresh();
  setTimeout(live, REFRESH_MS);
}

showNeeded();
live();
