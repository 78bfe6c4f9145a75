// Everything works without this file. It adds what GOV.UK Frontend's components add: focus on the error summary,
// "Show" beside a password, and prevention of double clicks on a button that sends a form.
import { initAll } from "./vendor/govuk-frontend.min.js";

initAll();

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
