// Guanxi in a WeChat mini-program: who opened it, which pages they saw, and through whose card they came.
// No dependency. In app.js: const guanxi = require("./guanxi.js")("https://door.brand.example", "NAME");

const SEND_AFTER_MS = 3000;
const KEPT_MAX = 50;

const draw = () => Array.from({ length: 4 }, () => Math.random().toString(36).slice(2, 8)).join("");

module.exports = function guanxi(door, account) {
  const kept = [];
  let known = null;
  let sending = null;

  function call(name, said) {
    return new Promise((resolve, reject) =>
      wx.request({
        url: `${door}/mini/wechat/${account}/${name}`,
        method: "POST",
        data: said,
        success: ({ statusCode, data }) => (statusCode === 200 ? resolve(data) : reject(new Error(`${statusCode}`))),
        fail: ({ errMsg }) => reject(new Error(errMsg)),
      }),
    );
  }

  // One login for everybody who waits; a login that failed is tried again by whoever asks next.
  function login() {
    known ??= new Promise((resolve, reject) => wx.login({ success: resolve, fail: reject }))
      .then(({ code }) => call("login", { code }))
      .catch((error) => {
        known = null;
        throw error;
      });
    return known;
  }

  async function send() {
    sending = null;
    const some = kept.splice(0, KEPT_MAX);
    if (!some.length) return;
    try {
      const { session } = await login();
      const reports = some.map(({ at, ...report }) => ({ ...report, ago: (Date.now() - at) / 1000 }));
      await call("report", { session, reports });
    } catch (error) {
      if (error.message === "400") known = null; // the session is too old: the next call logs in anew
      kept.unshift(...some.slice(-KEPT_MAX));
    }
  }

  function report(kind, page, more) {
    kept.push({ kind, page, id: draw(), at: Date.now(), ...more });
    kept.splice(0, Math.max(kept.length - KEPT_MAX, 0));
    sending ??= setTimeout(send, SEND_AFTER_MS);
  }

  const path = (page) => page.route || page.is || "";

  return {
    login,
    send,

    // After <button open-type="getPhoneNumber" bindgetphonenumber="…">: the code of its event.
    async bindPhone(code) {
      const { session } = await login();
      return call("phone", { session, code });
    },

    // Page(guanxi.page({...})) reports showing and sharing; the page's own functions are called as before.
    page(own) {
      let shownAt = 0;
      let mark = "";
      return {
        ...own,
        onLoad(query) {
          mark = (query && query.gx) || "";
          login().catch(() => {});
          return own.onLoad && own.onLoad.call(this, query);
        },
        onShow() {
          shownAt = Date.now();
          return own.onShow && own.onShow.call(this);
        },
        onHide() {
          leave(this);
          return own.onHide && own.onHide.call(this);
        },
        onUnload() {
          leave(this);
          return own.onUnload && own.onUnload.call(this);
        },
        onShareAppMessage(event) {
          const card = (own.onShareAppMessage && own.onShareAppMessage.call(this, event)) || {};
          report("share", path(this), {});
          const plain = card.path || `/${path(this)}`;
          const marked = login().then(({ mark: mine }) => ({
            ...card,
            path: `${plain}${plain.includes("?") ? "&" : "?"}gx=${encodeURIComponent(mine)}`,
          }));
          return { ...card, promise: marked.catch(() => card) };
        },
      };

      function leave(page) {
        if (!shownAt) return;
        report("page", path(page), { mark, seconds: Math.round((Date.now() - shownAt) / 1000) });
        shownAt = 0;
      }
    },
  };
};
