// The keyboard: / filters, j and k move, Enter opens beside, o opens, g and a letter goes, ? tells.
import { openDrawer } from "./drawer.js";

const isTyping = (target) => target.closest("input, textarea, select, [contenteditable]");
const rows = () => [...document.querySelectorAll("#page tr[data-href]")];
const cursor = () => document.querySelector("tr.cursor");

function move(step) {
  const all = rows();
  if (!all.length) return;
  const next = Math.max(0, Math.min(all.length - 1, all.indexOf(cursor()) + step));
  cursor()?.classList.remove("cursor");
  all[next].classList.add("cursor");
  all[next].scrollIntoView({ block: "nearest" });
}

function seek() {
  const field = document.querySelector("[data-seek]");
  field?.focus();
  field?.select();
}

const goTo = (letter) => document.querySelector(`[data-go="${CSS.escape(letter)}"]`)?.click();

const DEEDS = {
  "/": seek,
  j: () => move(1),
  k: () => move(-1),
  Enter: () => cursor() && openDrawer(cursor().dataset.href),
  o: () => cursor() && window.location.assign(cursor().dataset.href),
  "?": () => document.getElementById("keys").showModal(),
};

export function startKeys() {
  let going = 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (Date.now() - going < 1200) {
      going = 0;
      goTo(event.key);
      return;
    }
    if (event.key === "g") going = Date.now();
    if (event.key === "Enter" && event.target.closest("a, button, summary")) return;
    const deed = DEEDS[event.key];
    if (!deed || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    deed();
  });
}
