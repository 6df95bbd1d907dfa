// The drawer: a row's own page, fetched and shown beside the list; its address stays one click away.
const drawer = () => document.getElementById("drawer");

export async function openDrawer(href) {
  await window.htmx.ajax("GET", href, { target: "#drawer-body", select: "#page > *", swap: "innerHTML" });
  const body = document.getElementById("drawer-body");
  body.dataset.href = href;
  body.scrollTop = 0;
  if (!drawer().open) drawer().showModal();
}

const pathOf = (address) => new URL(address, window.location.href).pathname;

// A deed that leads back to the row's own page is done beside the list: one stays, and both show what became of it.
function isBeside(form) {
  const href = form.closest("#drawer-body")?.dataset.href;
  const next = form.querySelector("[name=next]")?.value;
  return form.method === "post" && Boolean(href) && Boolean(next) && pathOf(next) === pathOf(href);
}

async function deed(form) {
  const { href } = document.getElementById("drawer-body").dataset;
  const values = Object.fromEntries(new FormData(form));
  await window.htmx.ajax("POST", form.action, { values, target: "#drawer-body", select: "#page > *", swap: "innerHTML" });
  document.getElementById("drawer-body").scrollTop = 0;
  const sheet = document.querySelector("#page #sheet");
  const list = sheet?.closest("section[id]") ?? sheet;
  if (!list) return;
  const { pathname, search } = window.location;
  await window.htmx.ajax("GET", pathname + search, { target: `#${list.id}`, select: `#${list.id}`, swap: "outerHTML" });
  document.querySelector(`#page tr[data-href="${CSS.escape(href)}"]`)?.classList.add("cursor");
}

const isPlain = (event) => !(event.ctrlKey || event.metaKey || event.shiftKey || event.button);

export function startDrawer() {
  document.addEventListener("htmx:responseError", ({ detail }) => window.location.assign(detail.pathInfo.requestPath));
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || !isBeside(event.target)) return;
    event.preventDefault();
    deed(event.target);
  });
  document.addEventListener("click", (event) => {
    if (event.target === drawer()) return drawer().close();
    const row = event.target.closest("tr[data-href]");
    if (!row || !isPlain(event) || window.innerWidth < 900) return undefined;
    const link = event.target.closest("a, button, input");
    if (link && link.getAttribute("href") !== row.dataset.href) return undefined;
    event.preventDefault();
    return openDrawer(row.dataset.href);
  });
}
