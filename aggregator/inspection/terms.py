"""Terms that are wrong wherever they stand, with what to write instead: few, so that each finding is worth reading.

A city adds its own in `editorial.toml`.
"""

from __future__ import annotations

from dataclasses import dataclass

_XINHUA = "新华社《新闻信息报道中的禁用词和慎用词》（2016年7月修订）"
_MISSPELT = "《咬文嚼字》编辑部：当代汉语出版物中最常见的100个别字"
_DICTIONARY = "《现代汉语词典》第7版"


@dataclass(frozen=True, slots=True)
class Term:
    wrong: str
    right: str
    source: str


SHIPPED: tuple[Term, ...] = (
    Term("残废人", "残疾人", _XINHUA),
    Term("台湾总统", "台湾地区领导人", _XINHUA),
    Term("台湾政府", "台湾当局", _XINHUA),
    Term("福摩萨", "台湾", _XINHUA),
    Term("满清政府", "清政府", _XINHUA),
    Term("一路一带", "一带一路", "国家发展改革委等《推动共建丝绸之路经济带和21世纪海上丝绸之路的愿景与行动》"),
    Term("截止目前", "截至目前", _DICTIONARY),
    Term("截止到目前", "截至目前", _DICTIONARY),
    Term("布署", "部署", _DICTIONARY),
    Term("帐号", "账号", _DICTIONARY),
    Term("帐户", "账户", _DICTIONARY),
    Term("按装", "安装", _MISSPELT),
    Term("防碍", "妨碍", _MISSPELT),
    Term("幅射", "辐射", _MISSPELT),
    Term("渡假", "度假", _MISSPELT),
    Term("既使", "即使", _MISSPELT),
    Term("峻工", "竣工", _MISSPELT),
    Term("松驰", "松弛", _MISSPELT),
    Term("震憾", "震撼", _MISSPELT),
    Term("脉博", "脉搏", _MISSPELT),
    Term("侯车室", "候车室", _MISSPELT),
    Term("水笼头", "水龙头", _MISSPELT),
    Term("入场卷", "入场券", _MISSPELT),
    Term("名信片", "明信片", _MISSPELT),
    Term("脏款", "赃款", _MISSPELT),
    Term("渲泄", "宣泄", _MISSPELT),
    Term("追朔", "追溯", _MISSPELT),
    Term("亲睐", "青睐", _MISSPELT),
    Term("修茸", "修葺", _MISSPELT),
    Term("一如继往", "一如既往", _MISSPELT),
    Term("迫不急待", "迫不及待", _MISSPELT),
    Term("再接再励", "再接再厉", _MISSPELT),
    Term("默守成规", "墨守成规", _MISSPELT),
    Term("穿流不息", "川流不息", _MISSPELT),
    Term("金榜提名", "金榜题名", _MISSPELT),
    Term("走头无路", "走投无路", _MISSPELT),
)
