// Every page: htmx under a strict content policy, with Django's token on what changes something.
import htmx from "htmx.org";
import { startCopies } from "./parts/copies.js";
import { startDrawer } from "./parts/drawer.js";
import { startFilters } from "./parts/filters.js";
import { startKeys } from "./parts/keys.js";
import { startMenus } from "./parts/menus.js";
import { startTheme } from "./parts/theme.js";

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;

const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token();
});

// Work over a third of a second says so; answers that are refusals are shown, not swallowed.
let asking;
document.addEventListener("htmx:beforeRequest", () => {
  asking = setTimeout(() => document.body.classList.add("asking"), 300);
});
document.addEventListener("htmx:afterRequest", () => {
  clearTimeout(asking);
  document.body.classList.remove("asking");
});

window.htmx = htmx;
startTheme();
startMenus();
startCopies();
startFilters();
startDrawer();
startKeys();
