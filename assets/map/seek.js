// The search on the map: names and numbers are looked up on the server, whoever is on the map can be gone to.
const WAIT_MS = 200;

export function seeking(place, placeOf, look, weightOf) {
  const input = place.querySelector("[data-map-seek]");
  const list = place.querySelector("[data-map-found]");
  let waiting;
  let asked = 0;
  const close = () => (list.hidden = true);
  const choose = (found) => {
    close();
    input.value = found.name;
    look(found.at, found.name);
  };
  const show = (fans) => {
    const found = fans.map((one) => ({ ...one, at: placeOf(one.fan) }));
    list.replaceChildren(...(found.length ? found.map((one) => entry(one, one.at === undefined ? place.dataset.absent : weightOf(one.at), choose)) : [said(place.dataset.nobody)]));
    list.hidden = false;
  };
  const ask = async () => {
    const text = input.value.trim();
    const mine = (asked += 1);
    if (!text) return close();
    const answer = await fetch(`${place.dataset.found}?${new URLSearchParams({ q: text })}`);
    if (answer.ok && mine === asked) show((await answer.json()).fans);
  };
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, WAIT_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") list.querySelector("button:not([disabled])")?.click();
    if (event.key === "ArrowDown") list.querySelector("button:not([disabled])")?.focus();
    if (event.key === "Escape") close();
  });
  list.addEventListener("keydown", (event) => {
    const next = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    if (!next) return;
    event.preventDefault();
    (document.activeElement.closest("li")[next]?.querySelector("button") ?? input).focus();
  });
}

function said(text) {
  return Object.assign(document.createElement("li"), { textContent: text, className: "soft" });
}

function entry(found, told, choose) {
  const button = Object.assign(document.createElement("button"), { type: "button", disabled: found.at === undefined });
  button.append(found.name, Object.assign(document.createElement("small"), { textContent: told }));
  button.addEventListener("click", () => choose(found));
  const line = document.createElement("li");
  line.append(button);
  return line;
}
