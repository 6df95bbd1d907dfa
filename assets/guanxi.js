// For the brand's own pages: <script async src="https://your-door/guanxi.js"></script>. Tells the front door that a
// person sees the page and for how long, and gives the viewer links of their own to pass on. It loads nothing else,
// and reads nothing of the page but its title, description and picture for the card of a share. Where the brand tries by
// lot what an invitation adds, the door says who is invited: they see [data-guanxi-invite] and pass on the invitation's
// card. The others' links are their own just the same, so what each of them brings is seen alike.
const script = document.currentScript;
const door = new URL(script.src).origin;
const opened = new URL(location.href);
const here = location.href.split("#")[0];
const TRIES = 3;
const LATER = 2000;

function kept() {
  try {
    return JSON.parse(localStorage.getItem("guanxi")) || {};
  } catch {
    return {};
  }
}

function keep({ device, who }) {
  try {
    localStorage.setItem("guanxi", JSON.stringify({ device, who }));
  } catch {
    // a browser that keeps nothing is a new device at every page
  }
}

const said = () => ({
  ...kept(),
  page: location.href,
  token: opened.searchParams.get("gx") || "",
  handed: opened.searchParams.get("gxh") || "",
});

async function ask(call, options, tries = TRIES) {
  const answer = await fetch(`${door}/g/${call}`, { credentials: "include", ...options });
  if (answer.status === 503 && tries > 1) {
    await new Promise((resolve) => setTimeout(resolve, LATER));
    return ask(call, options, tries - 1);
  }
  if (!answer.ok) throw new Error(`guanxi: ${call} ${answer.status}`);
  return answer.json();
}

// Text, not JSON, by its type: so no browser asks first whether it may.
const tell = (call, words) => ask(call, { method: "POST", body: JSON.stringify(words) });

const newView = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

function watchLeaving(view) {
  const began = performance.now();
  let told = false;
  const left = () => {
    if (told) return;
    told = true;
    const words = { view, seconds: Math.round((performance.now() - began) / 1000) };
    navigator.sendBeacon(`${door}/g/left`, JSON.stringify(words));
  };
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && left());
  addEventListener("pagehide", left);
}

function linksOf(found) {
  const onPage = (token) => {
    const address = new URL(found.address);
    address.searchParams.set("gx", token);
    return address.href;
  };
  // WeChat shows a card only for addresses of the page's own safe domain; everywhere else our redirect is as good.
  return { chat: onPage(found.chat), timeline: onPage(found.timeline), copy: `${door}/s/${found.copy}` };
}

// Whoever copies the address bar passes on the viewer's own link.
function ownAddress(token) {
  const address = new URL(location.href);
  address.searchParams.delete("gxh");
  address.searchParams.set("gx", token);
  history.replaceState(history.state, "", address);
}

const meta = (...names) =>
  names.map((name) => document.querySelector(`meta[name="${name}"],meta[property="${name}"]`)?.content).find(Boolean);

const plainCard = () => ({
  title: script.dataset.title || meta("og:title") || document.title,
  desc: script.dataset.text || meta("og:description", "description") || "",
  imgUrl: script.dataset.image || meta("og:image") || "",
});

function cardOf(invite) {
  const plain = plainCard();
  const { inviteTitle, inviteText, inviteImage } = script.dataset;
  if (!invite) return plain;
  return { title: inviteTitle || plain.title, desc: inviteText || plain.desc, imgUrl: inviteImage || plain.imgUrl };
}

function showInvitations(invite) {
  for (const element of document.querySelectorAll("[data-guanxi-invite]")) element.hidden = !invite;
}

async function setInWeChat(wx, links, card) {
  if (script.dataset.wx !== "own") {
    const signed = await ask(`wx-signature?url=${encodeURIComponent(here)}`, { method: "POST" });
    wx.config({ ...signed, debug: false, jsApiList: ["updateAppMessageShareData", "updateTimelineShareData"] });
  }
  await new Promise((resolve) => wx.ready(resolve));
  const { title, desc, imgUrl } = card();
  wx.updateAppMessageShareData({ title, desc, imgUrl, link: links.chat });
  wx.updateTimelineShareData({ title, imgUrl, link: links.timeline });
}

async function passOn(button, links, card) {
  const { title, desc } = card();
  try {
    if (navigator.share) await navigator.share({ title, text: desc, url: links.copy });
    else await navigator.clipboard.writeText(links.copy);
    button.dataset.guanxiShare = "done";
  } catch {
    button.dataset.guanxiShare = "not-done";
  }
}

function offer(links, invite, card) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-guanxi-share]");
    if (button) passOn(button, links, card);
  });
  document.dispatchEvent(new CustomEvent("guanxi", { detail: { ...links, invite } }));
}

async function begin() {
  const view = newView();
  watchLeaving(view);
  const met = await tell("view", { ...said(), view });
  keep(met);
  const card = () => cardOf(met.invite);
  const found = await tell("child", said());
  const links = linksOf(found);
  // WeChat signs the address that it opened: it stays as it is until that is done.
  if (window.wx) await setInWeChat(window.wx, links, card).catch((error) => console.warn(String(error)));
  ownAddress(found.copy);
  showInvitations(met.invite);
  offer(links, met.invite, card);
}

function whenSeen(act) {
  if (document.visibilityState === "visible" && !document.prerendering) return act();
  const wait = () => {
    if (document.visibilityState !== "visible" || document.prerendering) return;
    document.removeEventListener("visibilitychange", wait);
    document.removeEventListener("prerenderingchange", wait);
    act();
  };
  document.addEventListener("visibilitychange", wait);
  document.addEventListener("prerenderingchange", wait);
}

whenSeen(() => begin().catch((error) => console.warn(String(error))));
