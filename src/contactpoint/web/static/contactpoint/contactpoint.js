// Everything works without this file. It adds what GOV.UK Frontend's components add: focus on the error summary,
// "Show" beside a password, and prevention of double clicks on a button that sends a form.
import { initAll } from "./vendor/govuk-frontend.min.js";

initAll();

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A warning five minutes before the session ends. The link opens in a new tab, so that a half-filled form stays; ten hours
// after sign-in there is none, because nothing keeps the session then.
for (const region of document.querySelectorAll("[data-minutes-left]")) {
  const left = Number(region.dataset.minutesLeft);
  const notice = Math.min(left, 5);
  setTimeout(() => {
    const soon = notice > 1 ? `in ${notice} minutes` : "within a minute";
    if (!region.dataset.stay) {
      region.append(`You will be signed out ${soon}, ten hours after you signed in. What you send after that is kept until you sign in again.`);
      return;
    }
    const link = document.createElement("a");
    link.href = region.dataset.stay;
    link.target = "_blank";
    link.className = "govuk-link";
    link.textContent = "Stay signed in (opens in a new tab)";
    region.append(`You will be signed out ${soon}. `, link);
  }, (left - notice) * 60 * 1000);
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
