"""A site with a draft that is to go to WeChat: one of each thing that is lost there."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from site_fixtures import SmallSite

DRAFT = """---
标题: 关于城区停水的通知
编号: tz-tingshui
部门: 临江市水务局
摘要: 周三夜里停水。
电话: 0599-8211231
一句话: 周三夜里城区停水，请提前接水。
附件: 停水范围.xlsx
---

# 关于城区停水的通知

因管网改造，见[改造办法](https://shuiwu.linjiang.example/banfa.html)和
[游泳馆公告](youyong.md)。

![抢修现场](现场 1.jpg)

## 停水时间

| 区域 | 开始 | 结束 | 天数 | 水压 |
| --- | --- | --- | --- | --- |
| 城东 | 22时 | 6时 | 1 | 低 |

- 城东
    - 沿江路
        - 1 号至 20 号

::: 重要 先接水
停水以后水塔里的水只够两小时[^1]。
:::

::: 问答 水黄怎么办？
放一会儿再用。
:::

> 引自《供水条例》。

3. 关好龙头
4. 看好老人

- [x] 已通知物业

```
接水  20 升
```

[^1]: 按常住人口计算。

<video src="https://v.qq.com/x/page/a.mp4" title="怎样接水"></video>
"""


def make_picture(kind: str = "JPEG", mode: str = "RGB", **stated: Image.Exif) -> bytes:
    out = io.BytesIO()
    Image.new(mode, (640, 480), (30, 90, 160, 99)[: len(mode)]).save(out, kind, **stated)
    return out.getvalue()


@pytest.fixture
def water(small_site: SmallSite) -> SmallSite:
    """The small site with a draft that is not published yet."""
    folder = small_site.root / "content" / "notices"
    (folder / "停水.md").write_text(DRAFT, encoding="utf-8")
    (folder / "现场 1.jpg").write_bytes(make_picture())
    (folder / "停水范围.xlsx").write_bytes(b"PK\x03\x04")
    return small_site
