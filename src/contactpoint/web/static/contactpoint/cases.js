// While one case is read the next is fetched; it is shown the moment one is decided, and what was decided is sent meanwhile.
// Everything works without this file: then what is sent is waited for, and its answer leads to the next case.
import { initAll } from "./vendor/govuk-frontend.min.js";

const used = new BroadcastChannel("contactpoint"); // tells contactpoint.js that the session goes on
const typed = new Map(); // what was being typed about a case when another came back in its place
let here = location.pathname;
let sent = Promise.resolve(); // at most one is on its way
let next = null; // the page of the next case, null where there is none
let busy = false;

const caseForm = () => document.querySelector("form[data-after]");
const room = () => document.querySelector("main").parentElement;

async function fetchAfter(form) {
  if (!form.isConnected) return null;
  const answer = await fetch(form.dataset.after).catch(() => null);
  if (answer?.status !== 200 || answer.redirected) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const { minutesLeft, stay } = page.querySelector("[data-minutes-left]").dataset;
  used.postMessage({ who: document.querySelector(".cp-acting-as").textContent, left: Number(minutesLeft), stay });
  return { room: page.querySelector("main").parentElement, title: page.title };
}

function fetchNext() {
  const form = caseForm();
  next = form && sent.then(() => fetchAfter(form));
}

function show(page) {
  const left = caseForm();
  if (left?.elements.because.value) typed.set(left.getAttribute("action"), left.elements.because.value);
  room().replaceWith(page.room);
  document.title = page.title;
  const form = caseForm();
  if (form) {
    here = form.getAttribute("action");
    if (here !== location.pathname) history.pushState(null, "", here + (form.elements.kind.value && `?kind=${form.elements.kind.value}`));
    document.querySelector("[data-lock]").value = here;
    form.elements.because.value ||= typed.get(here) ?? "";
  }
  window.scrollTo(0, 0);
  document.querySelector("main").focus({ preventScroll: true });
  initAll({ scope: page.room });
}

function say(words, role = "status") {
  const region = document.querySelector("[data-done]");
  region.hidden = false;
  region.setAttribute("role", role);
  region.textContent = words;
}

// A case that was not decided comes back: as it was left where nothing answered, or as the page that answered.
function comeBack(page, words) {
  show(page);
  if (words) say(words, "alert");
  fetchNext();
}

async function send(where, said, left) {
  const answer = await fetch(where, { method: "POST", body: said, keepalive: true }).catch(() => null);
  if (!answer || answer.status >= 500) {
    comeBack(left, "This was not recorded, because nothing answered. What you typed is still here: press the button again.");
  } else if (answer.redirected) {
    location.assign(answer.url); // locked or signed out meanwhile: what was sent is kept there
  } else if (answer.headers.get("Content-Type").startsWith("application/json")) {
    typed.delete(where);
    say((await answer.json()).done);
  } else {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    comeBack({ room: page.querySelector("main").parentElement, title: page.title });
  }
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  // "Lock" sends this form as well. Without a reason the server says what is missing, as it does without this file.
  if (!form.matches("form[data-after]") || event.submitter?.name !== "verdict" || !form.elements.because.value.trim()) return;
  event.preventDefault();
  if (busy) return;
  busy = true;
  const said = new URLSearchParams(new FormData(form, event.submitter));
  const page = await next; // here already, unless somebody decides faster than it comes
  busy = false;
  if (!form.isConnected) return; // what was decided before this came back
  if (!page) {
    const verdict = document.createElement("input");
    Object.assign(verdict, { type: "hidden", name: event.submitter.name, value: event.submitter.value });
    form.append(verdict);
    form.submit();
    return;
  }
  const left = { room: room(), title: document.title };
  show(page);
  say("Recording what you said…");
  said.append("behind", "yes");
  sent = send(form.getAttribute("action"), said, left);
  fetchNext();
});

addEventListener("popstate", () => location.pathname !== here && location.reload());
fetchNext();
