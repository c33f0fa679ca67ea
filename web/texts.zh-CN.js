/** Every text of the widget. A portal that wants other words replaces this file. */
export const texts = {
  title: "到账助手",
  subtitle: "钱到哪一步，一问就知道",
  launcher: "查到账",
  /** @param {number} count */
  launcherLabel: (count) => (count > 0 ? `打开到账助手，${count}条新消息` : "打开到账助手"),
  close: "收起",
  person: "转人工",
  personText: "转人工",

  welcomeTitle: "您好，钱走到哪一步，我来查",
  welcomeText:
    "直接说哪笔没到就行，比如金额、时间、刷卡还是扫码。机器连不上、没出票、扣款失败，也可以问我。",

  log: "聊天记录",
  typing: "正在输入",
  newMessages: "有新消息",

  authors: {
    merchant: "我",
    bot: "到账助手",
    staff: "人工客服",
    system: "系统提示",
  },

  placeholder: "说说哪笔钱没到…",
  inputLabel: "输入消息",
  send: "发送",
  inputHint: "回车发送，Shift+回车换行",
  /** @param {number} over */
  tooLong: (over) => `多了${over}个字，请分几次发`,

  sending: "发送中",
  failed: "未送达",
  failedAction: "点按重试",
  rejected: "没有发出去",
  rejectedAction: "改一改再发",

  lost: "网络断开了，正在重新连接。没发出的消息会在连上后补发。",
  reconnect: "立即重连",
  unauthorised: "登录已过期，请刷新页面或重新登录。",
  unauthorisedAction: "再试一次",

  timeline: {
    amount: "交易金额",
    net: "扣手续费后",
    due: "应到账时间",
    /** @param {string} moment */
    asOf: (moment) => `记录截至 ${moment}`,
    status: { moving: "进行中", arrived: "已到账", stopped: "遇到问题" },
    states: { done: "已完成", current: "现在在这里", pending: "还没到这一步", stopped: "停在这里" },
  },

  identity: {
    title: "确认商户身份",
    closed: "身份确认已结束",
    labels: { mid: "商户号", machine: "终端号或序列号后几位", code: "验证码" },
    hints: {
      mid: "小票上“商户编号”那一行",
      machine: "小票上的终端号，或机身背面序列号最后6位以上",
      code: "不要告诉任何人，也不用打在对话里",
    },
    /** @type {Record<string, string>} */
    unfit: {
      mid: "请填商户号，只有数字和字母。",
      machine: "请填终端号，或序列号的最后6位以上。",
      code: "验证码是6位数字。",
    },
    ask: "发验证码",
    enter: "确认",
    anew: "没收到，重新填",
    sent: "如果信息对得上，验证码已发到商户登记的手机或后台，5分钟内有效。",
    /** @param {number} left */
    wrong: (left) => `验证码不对，还可以试${left}次。`,
    expired: "验证码过期了，请重新获取。",
    lost: "网络不通，请再试一次。",
  },

  ticket: {
    title: "工单",
    copy: "复制",
    copied: "已复制",
    copyByHand: "请长按单号复制",
    next: "接下来",
  },
};
