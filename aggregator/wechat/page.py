"""The local page from which an article is copied into WeChat: it stands alone and works from a folder, offline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import quote

from aggregator.model import WeChatArticle
from aggregator.wechat.report import STEPS, describe_drop
from aggregator.wechat.styles import COLUMN

_STYLE = f"""
body {{ background: #f2f3f5; color: #1f2329; font: 16px/1.7 -apple-system, "PingFang SC", "Microsoft YaHei", sans-serif;
  margin: 0 auto; max-width: 1180px; padding: 24px; }}
h1 {{ font-size: 22px; margin: 0 0 12px; }} h2 {{ font-size: 17px; margin: 0 0 8px; }}
main {{ align-items: flex-start; display: flex; flex-wrap: wrap; gap: 24px; }}
.paper {{ background: #fff; box-sizing: content-box; max-width: calc(100vw - 112px); padding: 24px 32px;
  width: {COLUMN}px; }}
aside {{ flex: 1 1 320px; min-width: 300px; }}
section.part {{ background: #fff; margin: 0 0 16px; padding: 16px 20px; }}
ol, ul {{ margin: 0; padding-left: 1.4em; }} li {{ overflow-wrap: anywhere; }}
.field {{ display: grid; gap: 4px 8px; grid-template-columns: 1fr auto; margin: 0 0 12px; }}
.field label {{ color: #5f6368; font-size: 14px; grid-column: 1 / 3; }}
.field textarea {{ border: 1px solid #8a8f98; box-sizing: border-box; font: inherit; padding: 6px 8px; resize: vertical;
  width: 100%; }}
button {{ background: #fff; border: 1px solid #17549b; border-radius: 4px; color: #17549b; cursor: pointer;
  font: inherit; padding: 4px 14px; }}
button.main {{ background: #17549b; color: #fff; font-size: 19px; font-weight: bold; padding: 12px 40px; }}
button:focus-visible {{ outline: 3px solid #e8a33d; outline-offset: 2px; }}
#said {{ font-weight: bold; min-height: 1.7em; }}
figure {{ margin: 0 0 12px; }} figure img {{ border: 1px solid #d9d9d9; max-height: 160px; max-width: 100%; }}
"""

# A copy that the page itself fills: the editor then gets what stands here, without what a browser adds on its own.
_SCRIPT = """
"use strict";
const said = document.getElementById("said");
function copy(html, text, done) {
  let taken = false;
  const take = (event) => {
    event.preventDefault();
    if (html) event.clipboardData.setData("text/html", html);
    event.clipboardData.setData("text/plain", text);
    taken = true;
  };
  document.addEventListener("copy", take);
  try { document.execCommand("copy"); } finally { document.removeEventListener("copy", take); }
  said.textContent = taken ? done : "这个浏览器不让网页复制。请点进正文，按 Ctrl+A 再按 Ctrl+C。";
}
const body = document.getElementById("body");
document.getElementById("copy-body").addEventListener("click", () => {
  window.getSelection().selectAllChildren(body);
  copy(body.innerHTML, body.innerText, "正文已复制。下一步：到公众号后台，点进正文框，按 Ctrl+V 粘贴。");
});
for (const button of document.querySelectorAll("button[data-field]")) {
  button.addEventListener("click", () => {
    const field = document.getElementById(button.dataset.field);
    field.select();
    copy("", field.value, button.dataset.name + "已复制。");
  });
}
"""


def write_page(article: WeChatArticle, pictures: Sequence[str], covers: Sequence[str]) -> str:
    """The whole page. `pictures` and `covers` are names of files beside it."""
    fields = (
        ("title", "标题", article.title),
        ("author", "作者", article.author),
        ("digest", "摘要", article.digest),
        ("source", "原文链接", article.source_url),
    )
    drops = "".join(f"<li>{escape(describe_drop(drop))}</li>\n" for drop in article.report)
    parts = (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n',
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
        f"<title>转到微信：{escape(article.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n",
        f"<h1>转到微信：{escape(article.title)}</h1>\n",
        '<p><button type="button" class="main" id="copy-body">复制正文</button></p>\n',
        '<p id="said" role="status"></p>\n<main>\n',
        f'<div class="paper" id="body">{article.html}</div>\n<aside>\n',
        _write_part("怎样发到微信", f"<ol>\n{''.join(f'<li>{escape(step)}</li>{chr(10)}' for step in STEPS)}</ol>\n"),
        _write_part("逐项复制", "".join(_write_field(*field) for field in fields if field[2])),
        _write_part("微信里会变的地方", f"<ul>\n{drops}</ul>\n") if drops else "",
        _write_part("要上传的图片", _write_files(pictures)) if pictures else "",
        _write_part("封面", _write_files(covers)) if covers else "",
        f"</aside>\n</main>\n<script>{_SCRIPT}</script>\n</body>\n</html>\n",
    )
    return "".join(parts)


def _write_part(title: str, content: str) -> str:
    return f'<section class="part">\n<h2>{title}</h2>\n{content}</section>\n'


def _write_field(name: str, label: str, value: str) -> str:
    rows = 3 if name == "digest" else 2
    return (
        f'<div class="field"><label for="{name}">{label}</label>'
        f'<textarea id="{name}" rows="{rows}" readonly>{escape(value)}</textarea>'
        f'<button type="button" data-field="{name}" data-name="{label}">复制</button></div>\n'
    )


def _write_files(names: Iterable[str]) -> str:
    return "".join(
        f'<figure><img src="{quote(name)}" alt=""><figcaption>{escape(name)}</figcaption></figure>\n' for name in names
    )
