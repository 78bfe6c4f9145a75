// Everything works without this file. It adds what GOV.UK Frontend's components add: focus on the error summary,
// "Show" beside a password, and prevention of double clicks on a button that sends a form.
import { initAll } from "./vendor/govuk-frontend.min.js";

initAll();

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A warning five minutes before the session ends, whose link opens in a new tab, so that a half-filled form stays; ten hours
// after sign-in there is no link, because nothing keeps the session then. When it has ended, a cover over the page, so that
// nobody reads it beside an empty chair. Every page that is opened says so to the others of this browser: they count anew,
// and one that was covered opens again for the same person.
for (const region of document.querySelectorAll("[data-minutes-left]")) {
  const who = document.querySelector(".cp-acting-as").textContent;
  const used = new BroadcastChannel("contactpoint");
  const minute = 60 * 1000;
  let timers = [];
  const warn = (notice, stay) => {
    const soon = notice > 1 ? `in ${notice} minutes` : "within a minute";
    if (!stay) {
      region.append(`You will be signed out ${soon}, ten hours after you signed in. What you send after that is kept until you sign in again.`);
      return;
    }
    const link = document.createElement("a");
    link.href = stay;
    link.target = "_blank";
    link.className = "govuk-link";
    link.textContent = "Stay signed in (opens in a new tab)";
    region.append(`You will be signed out ${soon}. `, link);
  };
  const cover = () => {
    document.body.append(document.querySelector("[data-cover]").content.cloneNode(true));
    document.body.classList.add("cp-covered");
    document.querySelector(".cp-cover h1").focus();
  };
  const count = ({ left, stay }) => {
    timers.forEach(clearTimeout);
    region.replaceChildren();
    document.querySelector(".cp-cover")?.remove();
    document.body.classList.remove("cp-covered");
    const notice = Math.min(left, 5);
    timers = [setTimeout(warn, (left - notice) * minute, notice, stay), setTimeout(cover, (left + 1) * minute)];
  };
  const now = { who, left: Number(region.dataset.minutesLeft), stay: region.dataset.stay };
  used.onmessage = ({ data }) => data.who === who && count(data);
  used.postMessage(now);
  count(now);
}

// "Lock" blanks the page at once, and sends along the form that is being filled in, whichever it is.
for (const button of document.querySelectorAll("[data-lock]")) {
  const typed = document.querySelector("main form[method=post]:not(.cp-change form):has(input:not([type=hidden]), textarea, select)");
  if (typed && !document.getElementById(button.getAttribute("form"))?.matches("main form")) {
    typed.id ||= "typed";
    button.setAttribute("form", typed.id);
  }
  button.addEventListener("click", () => setTimeout(() => { document.body.hidden = true; }));
}
