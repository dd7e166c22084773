"""Text in legacy fonts: tables of both encodings that stand apart from the module's own, and what holds for any text."""

import shutil
import string
import subprocess
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_xl.text.legacy_fonts import Encoding, decode, encoding_of, suspected

# Letter and code, as in TCVN 5712:1993 by glibc's character map.
TCVN3 = """
    à B5  ả B6  ã B7  á B8  ạ B9    ă A8  ằ BB  ẳ BC  ẵ BD  ắ BE  ặ C6    â A9  ầ C7  ẩ C8  ẫ C9  ấ CA  ậ CB
    è CC  ẻ CE  ẽ CF  é D0  ẹ D1    ê AA  ề D2  ể D3  ễ D4  ế D5  ệ D6    ì D7  ỉ D8  ĩ DC  í DD  ị DE    đ AE
    ò DF  ỏ E1  õ E2  ó E3  ọ E4    ô AB  ồ E5  ổ E6  ỗ E7  ố E8  ộ E9    ơ AC  ờ EA  ở EB  ỡ EC  ớ ED  ợ EE
    ù EF  ủ F1  ũ F2  ú F3  ụ F4    ư AD  ừ F5  ử F6  ữ F7  ứ F8  ự F9    ỳ FA  ỷ FB  ỹ FC  ý FD  ỵ FE
    Ă A1  Â A2  Ê A3  Ô A4  Ơ A5  Ư A6  Đ A7
"""
# Letter and what VNI-Windows stores for it.
VNI = """
    à aø  á aù  ả aû  ã aõ  ạ aï    ă aê  ằ aè  ắ aé  ẳ aú  ẵ aü  ặ aë    â aâ  ầ aà  ấ aá  ẩ aå  ẫ aã  ậ aä
    è eø  é eù  ẻ eû  ẽ eõ  ẹ eï    ê eâ  ề eà  ế eá  ể eå  ễ eã  ệ eä    ì ì  í í  ỉ æ  ĩ ó  ị ò           đ ñ
    ò oø  ó où  ỏ oû  õ oõ  ọ oï    ô oâ  ồ oà  ố oá  ổ oå  ỗ oã  ộ oä    ơ ô  ờ ôø  ớ ôù  ở ôû  ỡ ôõ  ợ ôï
    ù uø  ú uù  ủ uû  ũ uõ  ụ uï    ư ö  ừ öø  ứ öù  ử öû  ữ öõ  ự öï     ỳ yø  ý yù  ỷ yû  ỹ yõ  ỵ î
    À AØ  Á AÙ  Ả AÛ  Ã AÕ  Ạ AÏ    Ă AÊ  Ằ AÈ  Ắ AÉ  Ẳ AÚ  Ẵ AÜ  Ặ AË    Â AÂ  Ầ AÀ  Ấ AÁ  Ẩ AÅ  Ẫ AÃ  Ậ AÄ
    È EØ  É EÙ  Ẻ EÛ  Ẽ EÕ  Ẹ EÏ    Ê EÂ  Ề EÀ  Ế EÁ  Ể EÅ  Ễ EÃ  Ệ EÄ    Ì Ì  Í Í  Ỉ Æ  Ĩ Ó  Ị Ò           Đ Ñ
    Ò OØ  Ó OÙ  Ỏ OÛ  Õ OÕ  Ọ OÏ    Ô OÂ  Ồ OÀ  Ố OÁ  Ổ OÅ  Ỗ OÃ  Ộ OÄ    Ơ Ô  Ờ ÔØ  Ớ ÔÙ  Ở ÔÛ  Ỡ ÔÕ  Ợ ÔÏ
    Ù UØ  Ú UÙ  Ủ UÛ  Ũ UÕ  Ụ UÏ    Ư Ö  Ừ ÖØ  Ứ ÖÙ  Ử ÖÛ  Ữ ÖÕ  Ự ÖÏ     Ỳ YØ  Ý YÙ  Ỷ YÛ  Ỹ YÕ  Ỵ Î
"""
VNI_PAIRS = dict(zip(VNI.split()[::2], VNI.split()[1::2], strict=True))
TCVN3_PAIRS = {letter: chr(int(code, 16)) for letter, code in zip(TCVN3.split()[::2], TCVN3.split()[1::2], strict=True)}
SMALL = [letter for letter in VNI_PAIRS if letter.islower()]
PLAIN = string.ascii_letters + string.digits + string.punctuation + " \n\u00a0–“”…"


def typed(text: str, pairs: dict[str, str]) -> str:
    return "".join(pairs.get(letter, letter) for letter in text)


def typed_in_capitals_face(text: str) -> str:
    return typed(text.lower(), TCVN3_PAIRS)


def test_the_tables_hold_every_accented_letter() -> None:
    vowels = [
        vowel + tone for vowel in "aăâeêioôơuưy" for tone in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    ]
    accented = {unicodedata.normalize("NFC", vowel) for vowel in vowels if not vowel.isascii()} | {"đ"}
    assert len(accented) == 67
    assert set(SMALL) == accented
    assert set(VNI_PAIRS) == accented | {letter.upper() for letter in accented}
    assert set(TCVN3_PAIRS) == accented | set("ĂÂÊÔƠƯĐ")
    assert len(set(TCVN3_PAIRS.values())) == len(TCVN3_PAIRS)
    assert len(set(VNI_PAIRS.values())) == len(VNI_PAIRS)


def test_the_table_of_tcvn3_is_the_one_of_the_c_library() -> None:
    letters, codes = "\n".join(TCVN3_PAIRS), "\n".join(TCVN3_PAIRS.values())
    assert decode(codes, ".VnTime") == letters
    if shutil.which("iconv"):  # where it is not, the table above has been checked all the same
        command = ["iconv", "-f", "TCVN-5712", "-t", "UTF-8"]
        made = subprocess.run(command, input=codes.encode("latin-1"), check=True, capture_output=True)
        assert made.stdout.decode() == letters


@pytest.mark.parametrize("letter", [*VNI_PAIRS])
def test_every_letter_of_vni(letter: str) -> None:
    assert decode(VNI_PAIRS[letter], "VNI-Times") == letter


@pytest.mark.parametrize("letter", [letter for letter in VNI_PAIRS if len(VNI_PAIRS[letter]) == 2])
def test_a_base_letter_tells_the_case_whatever_the_mark(letter: str) -> None:
    base, mark = VNI_PAIRS[letter]
    assert decode(base + mark.swapcase(), "VNI-Times") == letter


@pytest.mark.parametrize("letter", SMALL)
def test_every_letter_of_tcvn3(letter: str) -> None:
    assert decode(TCVN3_PAIRS[letter], ".VnTime") == letter
    assert decode(TCVN3_PAIRS[letter], ".VnTimeH") == letter.upper()


@pytest.mark.parametrize("letter", "ĂÂÊÔƠƯĐ")
def test_the_capitals_that_tcvn3_has(letter: str) -> None:
    assert decode(TCVN3_PAIRS[letter], ".VnTime") == decode(TCVN3_PAIRS[letter], ".VnTimeH") == letter


@given(st.text(st.sampled_from([*VNI_PAIRS, *PLAIN])))
def test_any_text_typed_in_vni_is_read_again(text: str) -> None:
    assert decode(typed(text, VNI_PAIRS), "VNI-Times") == text


@given(st.text(st.sampled_from([*TCVN3_PAIRS, *PLAIN])))
def test_any_text_typed_in_tcvn3_is_read_again(text: str) -> None:
    assert decode(typed(text, TCVN3_PAIRS), ".VnTime") == text


@given(st.text(st.sampled_from([*VNI_PAIRS, *PLAIN])))
def test_any_text_typed_in_a_capitals_face_is_read_as_capitals(text: str) -> None:
    assert decode(typed_in_capitals_face(text), ".VnTimeH") == text.upper()


@given(
    st.text(st.sampled_from([*VNI_PAIRS, *TCVN3_PAIRS, *PLAIN])), st.sampled_from([".VnTime", ".VnTimeH", "VNI-Times"])
)
def test_what_is_decoded_is_nfc(text: str, font: str) -> None:
    assert unicodedata.is_normalized("NFC", decode(text, font))


@given(
    st.text(st.characters(max_codepoint=0x7F)), st.sampled_from([".VnTime", ".VnArial Narrow", "VNI-Times", "Arial"])
)
def test_plain_text_stays(text: str, font: str) -> None:
    assert decode(text, font) == text


@given(st.text(), st.sampled_from(["Times New Roman", "Calibri", ""]))
def test_text_in_a_unicode_font_stays(text: str, font: str) -> None:
    assert decode(text, font) == text


@given(st.text(st.sampled_from([*VNI_PAIRS, *PLAIN])), st.sampled_from("ộếạưỹĐ"), st.sampled_from(["NFC", "NFD"]))
def test_unicode_text_in_a_legacy_font_stays(text: str, letter: str, form: str) -> None:
    stored = unicodedata.normalize(form, text + letter)
    for font in (".VnTime", ".VnTimeH", "VNI-Times"):
        assert decode(stored, font) == stored


SENTENCES = [
    # what is stored, the font of the cell, what is seen
    ("hép møt tÕt", ".VnTime", "hộp mứt tết"),
    ("H\u00adng Yªn, ngµy 5/3/2020", ".VnTime", "Hưng Yên, ngày 5/3/2020"),
    ("§¬n vÞ: Së Néi vô", ".VnArial Narrow", "Đơn vị: Sở Nội vụ"),
    ("§¬n vÞ: Së Néi vô", ".VnArial NarrowH", "ĐƠN VỊ: SỞ NỘI VỤ"),
    ("CéNG HßA X· HéI CHñ NGHÜA VIÖT NAM", ".VnTimeH", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    ("ubnd tØnh", ".VnTimeH", "UBND TỈNH"),
    ("25 °C – “§¹t”…\n100%", ".VnTime", "25 °C – “Đạt”…\n100%"),
    ("Xin chaøo caùc baïn", "VNI-Times", "Xin chào các bạn"),
    ("Tyû leä hoà sô ñuùng haïn: 74,12%", "VNI-Helve", "Tỷ lệ hồ sơ đúng hạn: 74,12%"),
    ("COÄNG HOØA XAÕ HOÄI CHUÛ NGHÓA VIEÄT NAM", "VNI Times", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    ("Aùp duïng, Ñoäc laäp, UÛy ban", "VNI-Times", "Áp dụng, Độc lập, Ủy ban"),
    ("1.480", ".VnTime", "1.480"),
    ("", ".VnTime", ""),
    # letters that neither encoding has: the text is no text of the font
    ("Œuvre møt", ".VnTime", "Œuvre møt"),
    ("Ÿ aø", "VNI-Times", "Ÿ aø"),
    ("hô\u0323p", ".VnTime", "hô\u0323p"),  # Windows-1258's way of writing "hộp"
    ("hép møt tÕt", "Times New Roman", "hép møt tÕt"),
    ("Việt Nam", ".VnTime", "Việt Nam"),
    ("Việt Nam", ".VnTimeH", "Việt Nam"),  # Unicode is not drawn by the capitals' face
    ("Việt Nam", "VNI-Times", "Việt Nam"),
    # one letter among plain ones is a code like any other; letters that the encoding leaves free make it Unicode
    ("Cafe é", ".VnTime", "Cafe ộ"),
    ("C­", ".VnTime", "Cư"),
    ("­", ".VnTimeH", "Ư"),
    ("déjà", ".VnTime", "déjà"),
    ("façade", "VNI-Times", "façade"),
    # quotation marks, dashes, hard spaces and signs are no letters: they stay and say nothing
    ("“Tèt” – ‘®¹t’…", ".VnTime", "“Tốt” – ‘đạt’…"),
    ("“Toát” – ‘ñaït’…", "VNI-Times", "“Tốt” – ‘đạt’…"),
    ("m² ®Êt, 5 ‰, 3 €, ™", ".VnTime", "m² đất, 5 ‰, 3 €, ™"),
    ("NhiÖt ®é 25 ºC", ".VnTime", "Nhiệt độ 25 ºC"),
    ("nhiÖt ®é 25 ºc", ".VnTimeH", "NHIỆT ĐỘ 25 ºC"),
    ("Noàng ñoä 5 µg/m³, 1ª, 2º", "VNI-Times", "Nồng độ 5 µg/m³, 1ª, 2º"),
    # the capitals of VNI that are one code
    (
        "TÍNH CHÌA KHOÙA TÆNH NGHÓ THÒ ÑÔN VÒ LÖU KYÙ LYÛ KÎ",
        "VNI-Times",
        "TÍNH CHÌA KHÓA TỈNH NGHĨ THỊ ĐƠN VỊ LƯU KÝ LỶ KỴ",
    ),
]


@pytest.mark.parametrize(("stored", "font", "seen"), SENTENCES)
def test_a_cell_is_read_as_it_is_seen(stored: str, font: str, seen: str) -> None:
    assert decode(stored, font) == seen


OFFICE = [
    "Không phát sinh",
    "Đã ban hành kế hoạch",
    "Văn phòng Sở",
    "Quý I năm 2021",
    "Chưa thực hiện, đề nghị gia hạn đến 31/12/2021",
    "Ủy ban nhân dân huyện Cao Lãnh",
    "Tỷ lệ hồ sơ giải quyết đúng hạn đạt 99,5%",
    "Quyết định số 151/QĐ-UBND-HC ngày 02/02/2021",
    "Công chức, viên chức được bồi dưỡng: 12 người",
    "“Một cửa” – một cửa liên thông (mức độ 3, 4)",
    "Sửa đổi, bổ sung quy chế; rà soát văn bản quy phạm pháp luật",
    "Ý kiến của Sở Nội vụ: Ấp Mỹ Thượng, Ỷ La, Ảnh kèm theo",
]


@pytest.mark.parametrize("sentence", OFFICE)
def test_a_sentence_of_an_office_is_read_in_every_face(sentence: str) -> None:
    assert decode(typed(sentence, VNI_PAIRS), "VNI-Times") == sentence
    assert decode(typed(sentence.upper(), VNI_PAIRS), "VNI-Times") == sentence.upper()
    assert decode(typed(sentence.lower(), TCVN3_PAIRS), ".VnTime") == sentence.lower()
    assert decode(typed_in_capitals_face(sentence), ".VnTimeH") == sentence.upper()
    # capitals that .VnTime lacks are typed in .VnTimeH, the others as they are
    stored = "".join(typed(letter if letter in "ĂÂÊÔƠƯĐ" else letter.lower(), TCVN3_PAIRS) for letter in sentence)
    assert decode(stored, ".VnTime").lower() == sentence.lower()


@pytest.mark.parametrize(
    ("font", "encoding"),
    [
        (".VnTime", Encoding.TCVN3),
        (".vntime", Encoding.TCVN3),
        (".VNTIME", Encoding.TCVN3),
        (" .VnTime ", Encoding.TCVN3),
        ("'.VnTime'", Encoding.TCVN3),
        ('".VnTime"', Encoding.TCVN3),
        (".VnArial Narrow", Encoding.TCVN3),
        (".VnTime Bold", Encoding.TCVN3),
        (".VnCentury Schoolbook", Encoding.TCVN3),
        (".VnHelvetIns", Encoding.TCVN3),
        (".VnTimeH", Encoding.TCVN3_CAPITALS),
        (".VnTimeh", Encoding.TCVN3_CAPITALS),
        (".VNTIMEH", Encoding.TCVN3_CAPITALS),
        (".VnTime H", Encoding.TCVN3_CAPITALS),
        (".VnTimeH Bold Italic", Encoding.TCVN3_CAPITALS),
        (".VnTime Bold H", Encoding.TCVN3_CAPITALS),
        (".VnArialH", Encoding.TCVN3_CAPITALS),
        (".VnArial NarrowH", Encoding.TCVN3_CAPITALS),
        ('".VnArialH" ', Encoding.TCVN3_CAPITALS),
        ("VNI-Times", Encoding.VNI),
        ("VNI Times", Encoding.VNI),
        ("vni-helve", Encoding.VNI),
        ("Vni-Helve-Condense", Encoding.VNI),
        ("'VNI-Times'", Encoding.VNI),
        ("Times New Roman", None),
        ("VnTime", None),
        ("VnTimeH", None),
        ("VNI", None),
        ("Vni", None),
        ("VNITimes", None),
        ("VNtimes new roman", None),
        ("Arial H", None),
        ("", None),
    ],
)
def test_a_font_tells_the_encoding(font: str, encoding: Encoding | None) -> None:
    assert encoding_of(font) is encoding


# All of them must be recognised that hold five accented letters or more.
TELLING_OFFICE = [text.lower() for text in OFFICE if sum(letter in VNI_PAIRS for letter in text) >= 5]
TELLING = [
    # what is seen, in lower case, of which both encodings make telling text
    "hộp mứt tết",
    "xin chào các bạn",
    "đạt được kết quả tốt",
    "tỷ lệ hồ sơ giải quyết đúng hạn",
    "sở nội vụ – báo cáo quý 1/2026",
    "chỉ số “cải cách hành chính” (74,12%)",
    "12 văn bản; 150 m² đất",
    "không phát sinh, đề nghị bỏ chỉ tiêu",
    "kế hoạch",
    "vị trí việc làm",
    "nghị định số 30/2020/nđ-cp ngày",  # "nđ" is no syllable and speaks against it, outvoted
    *TELLING_OFFICE,
]
SILENT = {
    # what is too little to tell in one encoding: one telling code, or only codes that Western words have as well
    Encoding.TCVN3: ["trong đó", "công bố", "mô hình", "quý i năm 2021"],
    Encoding.VNI: ["công bố", "hành chính", "hồ sơ", "phụ lục"],
}


@pytest.mark.parametrize("text", TELLING)
def test_text_that_looks_like_a_legacy_encoding(text: str) -> None:
    assert suspected(typed(text, TCVN3_PAIRS)) is Encoding.TCVN3
    assert suspected(typed(text, VNI_PAIRS)) is Encoding.VNI
    assert suspected(typed(text.upper(), VNI_PAIRS)) is Encoding.VNI


@pytest.mark.parametrize(("encoding", "text"), [(encoding, text) for encoding in SILENT for text in SILENT[encoding]])
def test_text_too_short_to_tell(encoding: Encoding, text: str) -> None:
    pairs = TCVN3_PAIRS if encoding is Encoding.TCVN3 else VNI_PAIRS
    assert suspected(typed(text, pairs)) is None


def test_most_sentences_of_an_office_hold_enough_to_be_recognised() -> None:
    assert len(TELLING_OFFICE) >= 8


@given(st.lists(st.sampled_from(TELLING_OFFICE), min_size=1, unique=True))
def test_office_text_in_either_encoding_is_always_recognised(sentences: list[str]) -> None:
    text = "\n".join(sentences)
    assert suspected(typed(text, TCVN3_PAIRS)) is Encoding.TCVN3
    assert suspected(typed(text, VNI_PAIRS)) is Encoding.VNI


# Words of which many have no letter beyond Western Europe's, and so come closest to being mistaken.
VIETNAMESE = """
    có là tôi không công tác cán bộ sở nội vụ hoà hóa quí quý thuý thúy hoài ngoài xoài khoá tuân mã số hồ sơ xã phường
    và các cô bé thì mà nhà nước đã đang sẽ được cho giá trị kế hoạch báo cáo đánh giá tổng hợp nghìn triệu tỷ lệ phần
    trăm ba bốn năm mười chín oái uý uỷ khuya huyền quyết quỳnh quýt yên yêu nghiêng rượu cừu hươu soóc goòng khuấy loè
    bà ông ý ô á à ấy êm âm ốm ở ủ úa ùa ơi ướt ảnh ắt ấn ít ích ỉa ít đà nẵng huế cần thơ lào cai hà nội nam định vĩnh
    căn cứ số tỉnh về phê duyệt công bố chỉ hành chính ủy nhân dân ngành thương binh hội xếp giảm bậc chủ tịch thông kết
    luận nghị quả hài lòng triển khai nhiệm vụ nhằm kịp thời khắc phục hạn chế phát huy những mặt giải pháp cải thiện mục
    tiêu thành còn chưa yêu cầu tiếp duy trì điểm tốt phấn đấu từ trở lên điều kiểm tra tuyên truyền đảm bảo quy dung
    giao mềm sớm đúng trễ đơn vị việc làm hiểm thư lưu trữ lập tài liệu tồn đọng tích đống nguyên do các phòng gửi thủ
    kiến giữ đơn giản hóa tỉ chiếm lĩnh vực hệ thống một cửa tổ chức bộ máy cơ cấu lượng lãnh đạo cấp thuộc tương đương
    chuyên viên biên xây dựng nâng cao chất đội ngũ tuyển dụng hiện đại trách rà soát khó khăn ký gìn giữ giếng gì giờ
    quà quí quỳ giò giúp kìm phù phí phóng thí nghìn nghiên này mô môn dõi bé quá toán xuyên ánh áp kém kèm kê phó phô
""".split()


@given(
    st.lists(st.sampled_from(VIETNAMESE)), st.sampled_from(["NFC", "NFD"]), st.sampled_from([str, str.upper, str.title])
)
def test_vietnamese_in_unicode_is_never_suspected(words: list[str], form: str, case: object) -> None:
    assert callable(case)
    assert suspected(unicodedata.normalize(form, str(case(" ".join(words))))) is None


WESTERN = """
    m² m³ µm µg °C § ® 2021 Café café naïve Straße señor Köln où août goût maïs Thaï Loïc Noël égoïste Citroën français
    élève déjà être tôt dû Größe für über maß saß Müller Bär König niño año España più può città così ações não questões
    coração å må på så då gå nå få Luleå Umeå Øresund Bjørn smørrebrød næste træ Excel® Microsoft®Office Windows®10 ¼ ½
    façade coöperation résumé crème brûlée Ångström Málaga São Curaçao Ísland Zürich übrigens öl lön kön ®2021 §5
    «bonjour» »c« «c» m·n n×m ©2021 tin¹ x¹ 3×4 12÷4 ±5 £5 ¥100 ¶ · ª º 1º Nº
""".split()


@pytest.mark.parametrize("word", VIETNAMESE)
def test_a_vietnamese_word_is_never_suspected(word: str) -> None:
    assert suspected(word) is suspected(word.upper()) is suspected(word.title()) is None


@pytest.mark.parametrize("sentence", OFFICE)
def test_a_vietnamese_sentence_is_never_suspected(sentence: str) -> None:
    assert suspected(sentence) is suspected(sentence.upper()) is None
    assert suspected(unicodedata.normalize("NFD", sentence)) is None


@pytest.mark.parametrize("word", WESTERN)
def test_a_western_word_is_never_suspected(word: str) -> None:
    assert suspected(word) is None
    assert suspected(word.upper()) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "§ 5, ® 2021 và m²",
        "Vi må gå på skolen så snart vi får lån",
        "Où est le maïs ? Où sont les goûts ?",
        "Si può dire che non si può e che ciò è più",
        "infor\u00adma\u00adtion and develop\u00adment of the sys\u00adtem",
        "Ver\u00adwal\u00adtung",
        "công\u00adtác và báo\u00adcáo",
        "5 µm, 10 µN",
        "Café naïve Straße señor Köln m² µm § 5 ® 2021 façade Noël coöperation",
        "Thaï, Loïc, haï, laïc",
        "Pakken »%s« er ikke installeret, så blev ikke fjernet",
        "»%s« ist kein gültiger Name: »%c«",
        "lön, söm, kön",
        "træk, køn, tøm",
        "TRÆK, KØN, TØM",
        "n×m, m×n, 5 N·m, m·n",
        "cho¹, do¹, nho¹",
        # Vietnamese with tones left out, and names
        "Tôt, môt sô côt",
        "Mê Kông, Kôn Plông, Hô Chí Minh",
        "Hué, thành phô, viêt nam",
        "Un État laïc, haï, à l’été, près du théâtre",
        "a" * 50_000 + "é",
    ],
)
def test_western_text_is_never_suspected(text: str) -> None:
    assert suspected(text) is None


@given(st.text())
def test_a_suspicion_is_one_of_the_two_encodings(text: str) -> None:
    assert suspected(text) in {None, Encoding.TCVN3, Encoding.VNI}


@given(st.text(st.sampled_from([*VNI_PAIRS, *PLAIN])))
def test_a_letter_beyond_western_europe_ends_every_suspicion(text: str) -> None:
    assert suspected(text + "ộ") is None
