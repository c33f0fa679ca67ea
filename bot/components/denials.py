"""What a message says is fine, or is not to blame, is no cause: 网络是好的, 机器没坏, 别怪网.

A model that adds words up would count 网络 for the network. So causes are read from the message
without such phrases; the intent is read from all of it.
"""

from __future__ import annotations

import re

__all__ = ["asserted"]


def _any(words: str) -> str:
    return f"(?:{'|'.join(words.split())})"


_THING = _any(
    "网络 网速 网线 网 信号 wifi 无线 宽带 流量卡? 路由器? 光猫 通讯(?:测试)? [45]g sim卡 上网"
    " 刷卡机 pos机? 机器 机子 机具 设备 终端 屏幕 键盘 打印机 硬件 软件 程序 系统 app 版本"
    r" 服务器 平台 账户 账号 账上 余额 额度 (?:其他|别的)?银行卡?"
    r" [\u4e00-\u9fff]{1,2}行 卡号 卡 户名 开户行"
    " 金额 密码 信息 流程 步骤 操作 执照 证件 身份证 资料 实名 认证 状态 其他 别的"
)
_VERY = _any(
    "一直 从来 向来 全 都 也 是 很 挺 又 可 绝对 完全 肯定 明明 本来 现在 用着 运行 显示 一切 五 四"
)
_FINE = _any(
    "好好的 好着呢? 好得很 好用得很 好的 好用 正常(?:得很|的|着)? 在线 最新的? 有效(?!期) 对得上"
    " 没有?(?:任何)?(?:一点)?(?:问题|毛病|故障|事|异常) 一点问题没有 有的是"
    " 满格 满[着的] 满满的 格满 通的 畅通 稳得很 稳定(?:得很|的) 快得很 强得很 新得很 新的"
    " 够的 足够 足得很 多着呢? 核对过 做过了? 不(?:卡|忙|堵|差|慢|闪退|报错|死机|掉线)"
    " 没有?(?:被)?(?:坏|断过?|掉过?|卡|停机|停过?|换过|动过|摔过?|欠费|过期|冻结?|限额|受限|封"
    "|挂失|负数|输错|填错|写错|按错|弄错|选错|改过?|漏过?|报错|闪退|维护|升级|堵|超)"
)
_NOT_DONE_WRONG = _any(
    "断过?网 欠费 输错 填错 按错 弄错 选错 操作错 被?冻结?过? 被?风控 过期"
    " 超过?(?:限额|额度?) 退过?[单款货] 升过?级 更过新"
)
_NOT_THEN = _any("周末 节假日 放假 假期 半夜 夜里 大额 对公 跨行 新商户")
_DUTY = _any("签到 签字 结算 批结 流程 步骤 操作 资料 实名 认证")
_BLAMED = r"[^\s,。.!?;:是就但可]{1,10}?"
_END = r"(?=[\s,。.!?;:是就但可咋怎为]|$)"
_DENIED = re.compile(
    _any(
        # 网络一直是好的, 机子没坏, 账户也是正常
        rf"{_THING}{_VERY}{{0,3}}{_FINE}"
        # 签到也签了, 资料也审过了
        rf" {_DUTY}(?:也|都|早)+[签做按走办审补交](?:过|完|全|齐)?了"
        # 没断网, 没输错, 没被冻结
        rf" (?<![有还])(?:从来|从)?没有?{_NOT_DONE_WRONG}(?:过|啊|的)?"
        # 跟网没关系, 不关新规的事
        rf" [跟和与]{_BLAMED}(?<!有)(?:没有?(?:一?点|半毛钱|任何)?关系|无关)"
        rf" 不关{_BLAMED}的?事"
        # 别怪网, 别跟我扯信号, 别说是假期
        r" (?<![更分特])(?:别|甭|不要|不用)[再老]?(?:[跟和给]我|拿)?(?:怪|赖|扯|说是?|提|推给?)"
        rf"{_BLAMED}{_END}"
        # 又不是周末; 不是网的事; not 是不是, not 不是…吗, not 不是本人
        rf" (?<![是要])[又也并都]?不是{_NOT_THEN}"
        rf" (?<![是要])[又也并都]?不是(?!{_BLAMED}[吗么嘛])(?!说|本人|我|同|一)(?:因为)?{_BLAMED}"
        rf"(?:的?(?:问题|事儿?|原因|缘故|毛病|锅|错))?{_END}"
        rf" 不可能是?{_THING}{_BLAMED}{_END}"
    )
)


def asserted(text: str) -> str:
    """Folded text, gaps and all, without what it denies; blank when it does nothing but deny."""
    return _DENIED.sub(" ", text)
