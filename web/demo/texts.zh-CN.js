/** Texts that the demo page puts together while it runs. */
export const texts = {
  /** @param {string} mid @param {string} trade */
  facts: (mid, trade) => `${trade} · 商户号 ${mid}`,
  noQuestions: "直接用自己的话问，比如：昨天下午刷的3000怎么还没到？",
  terminals: {
    title: "机具",
    tag: "演示用模拟机具",
    hint: "助手请您在机器上操作时，就在这里按。",
  },
  phones: {
    title: "商户登记的手机",
    tag: "演示用",
    hint: "验证码不走对话，发到商户自己的手机上，就显示在这里。",
  },
  noTerminals: "这家商户用收款码，没有机具。",
  /** @param {string} model @param {string} tid */
  terminal: (model, tid) => `${model} · 终端号 ${tid}`,
  /** @param {number} bars */
  signal: (bars) => `信号${bars}格，共4格`,
  online: "在线",
  offline: "离线",
  signedOn: "已签到",
  signedOff: "未签到",
  screen: "机器屏幕",
  working: "处理中…",
  failed: "机器没有反应，请再按一次。",
  visitor: "没有登录的访客",
  visitorFacts: "像在公开网页上打开：一般问题直接答，查账要先确认是哪家商户。",
  visitorQuestions: ["手续费一般是多少？", "昨天下午刷的钱怎么还没到？"],
  /** @param {import("./gateway.js").Merchant} merchant */
  visitorMay: ({ name, mid, terminals }) =>
    `比如当作${name}：商户号 ${mid}，终端号 ${terminals[0]?.tid ?? ""}`,
  noMessages: "还没有短信。在对话里要了验证码，就会出现在这里。",
  unreachable: "演示服务暂时连不上，正在重试…",
  /** @type {[import("./terminal.js").Action, string][]} */
  keys: [
    ["restart", "重启"],
    ["reseat_sim", "重插SIM卡"],
    ["sign_on", "签到"],
    ["balance_inquiry", "余额查询"],
    ["query", "交易查询"],
  ],
};
