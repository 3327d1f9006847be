"""Word files as offices type them, with direct formatting instead of styles: written by python-docx."""

from __future__ import annotations

import copy

from docx import Document
from docx.enum.section import WD_SECTION
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from word_fixtures import (
    CENTRE,
    HEI,
    KAI,
    LONG,
    RIGHT,
    SONG,
    add_run,
    make_element,
    make_picture,
    read_post,
    save,
    type_line,
    type_official,
)


def messages(findings):
    return [finding.message for finding in findings]


def test_an_official_document_gives_number_title_signature_and_day():
    """GB/T 9704: red masthead, number, title on two lines, recipients, headings, signature and day on the right."""
    document = Document()
    type_line(document, "栖江市人民政府文件", SONG, 36, CENTRE)
    type_line(document, "栖政发〔2026〕48号", align=CENTRE)
    type_line(document, "栖江市人民政府", SONG, 22, CENTRE)
    type_line(document, "关于做好冬季供水工作的通知", SONG, 22, CENTRE)
    type_line(document, "各县（区）人民政府，市政府各部门：", indent=0)
    type_line(document, LONG)
    type_line(document, "一、总体要求", HEI)
    type_line(document, LONG)
    type_line(document, "（一）压实责任", KAI)
    type_line(document, LONG)
    type_line(document, "附件：1.供水责任清单")
    type_line(document, "栖江市人民政府", align=RIGHT)
    type_line(document, "2026年11月20日", align=RIGHT)
    post, findings = read_post(document, "policies/供水.docx")
    assert post.title == "栖江市人民政府关于做好冬季供水工作的通知"
    assert dict(post.header) == {
        "文号": "栖政发〔2026〕48号",
        "部门": "栖江市人民政府",
        "日期": "2026年11月20日",
        "成文日期": "2026年11月20日",
    }
    assert str(post.published) == "2026-11-20 00:00:00+08:00"
    assert post.summary == LONG[: len(post.summary) - 1] + "…" or post.summary.startswith(LONG)
    assert "<h2>一、总体要求</h2>" in post.html
    assert "<h3>（一）压实责任</h3>" in post.html
    assert post.html.endswith('<p class="align-right">栖江市人民政府</p><p class="align-right">2026年11月20日</p>')
    assert findings == ()


def test_several_offices_sign_together():
    """The first of them is the department; all stand on the right."""
    document = type_official()
    for office in ("栖江市水务局", "栖江市财政局", "栖江市住房和城乡建设局"):
        type_line(document, office, align=RIGHT)
    type_line(document, "2026年10月9日", align=RIGHT)
    post, _ = read_post(document)
    assert post.author == "栖江市水务局"
    assert post.html.count("align-right") == 4


def test_a_signature_pushed_to_the_right_with_spaces_is_one():
    """As typed by those who do not know of alignment."""
    document = type_official()
    type_line(document, "　" * 18 + "栖江市水务局", indent=0)
    type_line(document, "　" * 17 + "2026 年 11 月 20 日", indent=0)
    post, _ = read_post(document)
    assert (post.author, str(post.published)[:10]) == ("栖江市水务局", "2026-11-20")
    assert post.html.endswith('<p class="align-right">栖江市水务局</p><p class="align-right">2026 年 11 月 20 日</p>')


def test_a_day_within_the_text_is_no_signature():
    """Nor is what stands before it an office."""
    document = type_official()
    type_line(document, "会议定于2026年11月20日")
    type_line(document, "请准时参加，不得缺席，有事请假。")
    post, _ = read_post(document)
    assert (post.author, post.published) == ("", None)


def test_what_the_header_says_goes_before_what_the_document_shows():
    """Title, day, number and department of the header stand; another title on the page stays in the text."""
    document = Document()
    for line in ("标题：冬季停水安排", "日期：2026-11-21", "文号：栖水函〔2026〕9号", "部门：栖江发布"):
        type_line(document, line, indent=0)
    document.add_paragraph()
    type_line(document, "栖水发〔2026〕31号", align=CENTRE)
    type_line(document, "关于停水的通知", SONG, 22, CENTRE)
    type_line(document, LONG)
    type_line(document, "栖江市水务局", align=RIGHT)
    type_line(document, "2026年11月1日", align=RIGHT)
    post, _ = read_post(document)
    assert (post.title, post.author, str(post.published)[:10]) == ("冬季停水安排", "栖江发布", "2026-11-21")
    assert dict(post.header)["文号"] == "栖水函〔2026〕9号"
    assert '<h2 class="align-center">关于停水的通知</h2>' in post.html


def test_the_header_needs_no_blank_line_below_it():
    """Paragraphs are apart in Word; and its findings name the paragraph, as Word shows no lines."""
    document = Document()
    for line in ("标题：关于停水的通知", "日期：近日", LONG):
        type_line(document, line, indent=0)
    post, findings = read_post(document)
    assert (post.title, post.text) == ("关于停水的通知", LONG)
    assert [(finding.message, finding.line) for finding in findings] == [("“日期”写的“近日”不是能认出的日期。", 2)]


def test_a_text_that_opens_with_a_time_and_a_place_has_no_header():
    """「时间：」 is the text's."""
    document = Document()
    for line in ("时间：11月25日", "地点：市体育馆", LONG):
        type_line(document, line, indent=0)
    post, _ = read_post(document)
    assert post.text.startswith("时间：11月25日\n地点：市体育馆")


def test_a_table_of_four_columns_is_a_header_as_well():
    """As the catalogue of government information prints it above a policy."""
    document = Document()
    table = document.add_table(2, 4)
    cells = ("索引号", "QJ-2026-01", "主题分类", "水务", "发文机关", "栖江市水务局", "文号", "栖水发〔2026〕31号")
    for cell, text in zip((cell for row in table.rows for cell in row.cells), cells, strict=True):
        cell.text = text
    type_line(document, "关于停水的通知", SONG, 22, CENTRE)
    type_line(document, LONG)
    post, _ = read_post(document)
    assert dict(post.header) == {
        "索引号": "QJ-2026-01",
        "主题分类": "水务",
        "部门": "栖江市水务局",
        "文号": "栖水发〔2026〕31号",
    }
    assert (post.title, "<table>" in post.html) == ("关于停水的通知", False)


def test_merged_cells_and_marked_heads_are_kept():
    """Both directions; the row that Word repeats on each page is the head."""
    document = type_official()
    table = document.add_table(3, 3)
    for number, cell in enumerate(cell for row in table.rows for cell in row.cells):
        cell.text = f"格{number}"
    table.cell(1, 0).merge(table.cell(2, 0))
    table.cell(1, 1).merge(table.cell(1, 2))
    table.rows[0]._tr.get_or_add_trPr().append(make_element("tblHeader"))
    post, _ = read_post(document)
    assert "<thead><tr><th>格0</th><th>格1</th><th>格2</th></tr></thead>" in post.html
    assert '<tr><td rowspan="2">格3<br>格6</td><td colspan="2">格4<br>格5</td></tr><tr><td>格7</td>' in post.html


def test_pictures_come_out_with_what_people_wrote_about_them():
    """Under the draft's path and their name within the file."""
    document = type_official()
    document.add_picture(make_picture("JPEG"))
    document.inline_shapes[0]._inline.docPr.set("descr", "抢修现场")
    post, findings = read_post(document, "notices/停水 1.docx")
    address = "https://handover.invalid/notices/%E5%81%9C%E6%B0%B4%201.docx/word/media/image1.jpg"
    assert f'<img src="{address}" alt="抢修现场"' in post.html
    assert findings == ()


def test_a_picture_that_browsers_do_not_show_is_told():
    """Drawings of Windows and scans for printers."""
    document = type_official()
    document.add_picture(make_picture("TIFF"))
    post, findings = read_post(document)
    assert "<img" not in post.html
    assert messages(findings) == ["1 张图片是浏览器不显示的格式（EMF、WMF、TIFF 等），没有显示。"]


def test_a_picture_that_is_only_linked_is_told():
    """It lies on somebody's computer."""
    document = type_official()
    document.add_picture(make_picture())
    blip = next(document.element.iter(qn("a:blip")))
    blip.set(qn("r:link"), blip.attrib.pop(qn("r:embed")))
    _, findings = read_post(document)
    assert messages(findings) == ["1 张图片不在文件里，没有显示。"]


def track(name: str, run: OxmlElement) -> OxmlElement:
    change = make_element(name, id="1", author="甲", date="2026-11-01T00:00:00Z")
    change.append(run)
    return change


def test_tracked_changes_are_accepted_and_told():
    """Insertions and moves stay, deletions go: of words, of a paragraph's end, of a row."""
    document = type_official()
    paragraph = type_line(document, "自")
    for name, text in (("del", "11月25日"), ("ins", "11月28日"), ("moveFrom", "旧处"), ("moveTo", "新处")):
        run = add_run(paragraph, text)
        if name in ("del", "moveFrom"):
            run.find(qn("w:t")).tag = qn("w:delText")
        run.addprevious(track(name, copy.deepcopy(run)))
        run.getparent().remove(run)
    first, _second = type_line(document, "前一段"), type_line(document, "后一段")
    first._p.get_or_add_pPr().append(make_element("rPr"))
    first._p.pPr.find(qn("w:rPr")).append(make_element("del", id="9", author="甲"))
    table = document.add_table(2, 1)
    table.cell(0, 0).text, table.cell(1, 0).text = "留下", "删去"
    table.rows[1]._tr.get_or_add_trPr().append(make_element("del", id="8", author="甲"))
    post, findings = read_post(document)
    assert post.text.split("\n")[1:] == ["自11月28日新处", "前一段后一段", "留下"]
    assert messages(findings) == ["稿件里还有没处理的修订（插入 2 处、删除 2 处），发布的是接受全部修订以后的文字。"]


def test_comments_are_left_out_and_told():
    """Nobody outside is to read them."""
    document = type_official()
    run = document.paragraphs[-1].runs[0]
    document.add_comment([run], text="这里要再核实", author="乙")
    post, findings = read_post(document)
    assert "核实" not in post.html
    assert messages(findings) == ["稿件里有 1 条批注，没有发布。"]


def test_margins_are_told_and_page_numbers_are_not():
    """A header with words is; 第 1 页 is not."""
    document = type_official()
    document.sections[0].header.paragraphs[0].text = "栖江市水务局内部编印"
    document.sections[0].footer.paragraphs[0].text = "— 第 1 页 共 3 页 —"
    document.add_section(WD_SECTION.NEW_PAGE)
    _, findings = read_post(document)
    assert messages(findings) == ["页眉、页脚里的文字没有发布：“栖江市水务局内部编印”。"]


def test_a_table_of_contents_formulas_and_charts_are_told():
    """What a page cannot show."""
    document = type_official()
    document.styles.add_style("toc 1", 1)
    document.add_paragraph("一、总体要求\t3", style="toc 1")
    paragraph = type_line(document, "算式见右")
    paragraph._p.append(OxmlElement("m:oMath"))
    document.add_picture(make_picture())
    next(document.element.iter(qn("a:graphicData"))).set(
        "uri", "http://schemas.openxmlformats.org/drawingml/2006/chart"
    )
    post, findings = read_post(document)
    assert "\t3" not in post.text
    assert messages(findings) == [
        "有图片没有说明文字。",
        "目录没有发布：网页没有页码。",
        "1 个公式没有显示。",
        "1 个图表没有显示。",
    ]


def test_fields_ruby_and_links_keep_their_words():
    """A date that Word fills in, a reading above a name, an address."""
    document = type_official()
    paragraph = type_line(document, "印于")
    field = make_element("fldSimple", instr="DATE")
    field.append(add_run(paragraph, "今天"))
    paragraph._p.append(field)
    ruby, base, above = make_element("ruby"), make_element("rubyBase"), make_element("rt")
    above.append(add_run(paragraph, "xi"))
    base.append(add_run(paragraph, "栖"))
    ruby.extend([above, base])
    host = add_run(paragraph, "")
    host.append(ruby)
    link = make_element("hyperlink")
    link.set(qn("r:id"), document.part.relate_to("https://a.example/x", "http://x/hyperlink", is_external=True))
    link.append(add_run(paragraph, "网址"))
    paragraph._p.append(link)
    post, _ = read_post(document)
    assert '<p>印于今天栖<a href="https://a.example/x" rel="nofollow noopener">网址</a></p>' in post.html


def test_a_relation_or_note_that_is_not_there_costs_only_itself():
    """Programs that rewrite documents leave such behind."""
    document = type_official()
    paragraph = type_line(document, "见")
    link = make_element("hyperlink")
    link.set(qn("r:id"), "rId999")
    link.append(add_run(paragraph, "网址"))
    paragraph._p.append(link)
    paragraph._p.append(make_element("r"))
    paragraph._p[-1].append(make_element("footnoteReference", id="77"))
    post, _ = read_post(document)
    assert post.text.endswith("见网址")


def test_styles_say_what_runs_do_not():
    """A style of the office's own for the title, with size and place in it, is as good as direct formatting."""
    document = Document()
    style = document.styles.add_style("公文大标题", 1)
    style.font.size, style.paragraph_format.alignment = Pt(22), CENTRE
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), SONG)
    document.add_paragraph("关于停水的通知", style="公文大标题")
    document.add_paragraph(LONG)
    document.add_paragraph("停水范围", style="Heading 2")
    document.add_paragraph("河东路一带", style="List Bullet")
    post, _ = read_post(document)
    assert post.title == "关于停水的通知"
    assert post.html == f"<p>{LONG}</p><h2>停水范围</h2><ul><li>河东路一带</li></ul>"


def test_a_text_that_is_bold_throughout_has_no_bold_words():
    """Nothing stands out by it."""
    document = Document()
    for _ in range(3):
        type_line(document, LONG, bold=True)
    post, _ = read_post(document)
    assert "<strong>" not in post.html


def test_the_same_file_gives_the_same_post():
    """Nothing of the run or its process gets in."""
    data = save(type_official())
    assert read_post(data) == read_post(data)
