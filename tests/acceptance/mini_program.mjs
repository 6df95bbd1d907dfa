// Plays the mini-program's script: wx.login and wx.request against a real door, pages as WeChat calls them.
import { createRequire } from "node:module";

const [script, door, account, ...codes] = process.argv.slice(2);
globalThis.wx = {
  login: ({ success }) => success({ code: codes.shift() }),
  request: ({ url, method, data, success, fail }) =>
    fetch(url, { method, body: JSON.stringify(data) })
      .then(async (answer) => success({ statusCode: answer.status, data: await answer.json() }))
      .catch((error) => fail({ errMsg: String(error) })),
};
const require = createRequire(import.meta.url);
const begin = require(script);

const sharer = begin(door, account);
const page = Object.assign(sharer.page({ onShareAppMessage: () => ({ title: "Spring" }) }), { route: "pages/spring" });
page.onLoad({});
page.onShow();
const card = await page.onShareAppMessage({}).promise;
page.onHide();
await sharer.send();

const reader = begin(door, account);
const opened = Object.assign(reader.page({}), { route: "pages/spring" });
opened.onLoad({ gx: decodeURIComponent(card.path.split("gx=")[1]) });
opened.onShow();
opened.onUnload();
await reader.bindPhone(codes.shift());
await reader.send();
console.log(JSON.stringify({ path: card.path, title: card.title }));
process.exit(0);
