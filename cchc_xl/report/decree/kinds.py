"""What lines of an official document begin with: the words by which components are recognised.

Nothing comes in; names and patterns go out, all for ``bare`` text: small, without accents.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

NATIONAL_TITLE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
# Kinds of documents with the abbreviation in their symbol; '' where the reference does not give it.
ABBREVIATIONS = {
    "bao cao": "BC",
    "ke hoach": "KH",
    "quyet dinh": "QĐ",
    "thong bao": "TB",
    "to trinh": "TTr",
    "bien ban": "BB",
    "huong dan": "HD",
    "nghi quyet": "NQ",
    "chi thi": "CT",
    "chuong trinh": "CTr",
    "giay moi": "GM",
    "cong dien": "",
    "de an": "",
    "du an": "",
    "phuong an": "",
    "quy che": "",
    "quy dinh": "",
    "thong cao": "",
    "ban ghi nho": "",
    "ban thoa thuan": "",
    "hop dong": "",
    "giay uy quyen": "",
    "giay gioi thieu": "",
    "giay nghi phep": "",
    "phieu gui": "",
    "phieu chuyen": "",
    "phieu bao": "",
}
AGENCY_STARTS = (
    "ubnd", "uy ban", "hdnd", "hoi dong", "bo", "so", "ban", "chi cuc", "tong cuc", "cuc", "vu", "vien",
    "trung tam", "phong", "truong", "van phong", "thanh tra", "benh vien", "quy", "kho bac", "toa an", "cong an",
    "bao hiem", "hoi", "lien doan", "doan", "tram", "to cong tac", "ban quan ly", "cong ty", "tong cong ty",
    "co so", "dang uy", "chi bo", "mat tran", "nha",
)  # fmt: skip
POSTS = (
    "giam doc", "pho giam doc", "tong giam doc", "pho tong giam doc", "chu tich", "pho chu tich", "chanh van phong",
    "pho chanh van phong", "truong phong", "pho truong phong", "hieu truong", "pho hieu truong", "cuc truong",
    "pho cuc truong", "chi cuc truong", "pho chi cuc truong", "tong cuc truong", "bo truong", "thu truong",
    "chanh thanh tra", "pho chanh thanh tra", "truong ban", "pho truong ban", "vien truong", "pho vien truong",
    "thu tuong", "to truong", "vu truong", "pho vu truong", "truong doan", "chu nhiem", "pho chu nhiem", "thu ky",
    "uy vien", "chu toa", "chu tri", "dai dien", "doi truong", "pho doi truong", "tram truong", "pho tram truong",
    "ke toan truong", "hieu pho", "bi thu", "pho bi thu", "chanh an", "pho chanh an", "tong thanh tra",
    "quyen giam doc", "phu trach",
)  # fmt: skip
RECIPIENTS = re.compile(r"noi nhan\b")
ADDRESSED = re.compile(r"kinh gui\b")
REFERENCE = re.compile(r"v v\b|ve viec\b")
DATE = re.compile(r"(?!can cu\b|kem theo\b|theo\b)\D{0,40}\bngay\b[\d ]*\bthang\b[\d ]*\bnam\b[\d ]*")
GROUND = re.compile(r"can cu\b")
MORE_GROUNDS = re.compile(r"(?:theo|xet|tren co so) (?:de nghi|to trinh|y kien)\b|xet\b|can cu\b")
APPENDIX = re.compile(r"phu luc(?: so)?(?: ([ivxlcdm]+|\d+|[a-z]))?")
ATTACHED = re.compile(r"(?:ban hanh )?kem theo\b")
STAMP = re.compile(r"hoa toc(?: hen gio)?|thuong khan|khan|mat|toi mat|tuyet mat|du thao(?: lan \w+)?")
AUTHORITY = re.compile(r"(?:tm|kt|tl|tuq|q|t m|k t|t l) (?=\w)")
ENACTING = re.compile(r"quyet dinh|quyet nghi|nghi quyet|chi thi")  # the line before the articles
FORM = re.compile(r"(?:mau|bieu|bieu mau)(?: so)? \w+")  # a form to be filled in, with a letterhead of its own
SIGNED = re.compile(r"(?:da ky|ky ten|ky ghi ro|chu ky)\b.*|")

_NATIONAL = "cong hoa xa hoi chu nghia viet nam"
_MOTTO = "doc lap tu do hanh phuc"


def is_national_title(key: str) -> bool:
    """Whether a line is meant to be the national title, misspelt or not.

    >>> is_national_title("cong hoa xa hoi chu nghia vietnam")
    True
    """
    return _alike(key, _NATIONAL)


def is_motto(key: str) -> bool:
    """Whether a line is meant to be the national motto.

    >>> is_motto("doc lap tu do hanh phuc"), is_motto("bao cao")
    (True, False)
    """
    return _alike(key, _MOTTO)


def is_post(key: str) -> bool:
    """Whether a line names a post or an authority to sign.

    >>> is_post("kt giam doc"), is_post("pho giam doc"), is_post("pham viet cong")
    (True, True, False)
    """
    text = AUTHORITY.sub("", key) if AUTHORITY.match(key) else key
    return text != key or text.startswith(POSTS)


def starts_agency(key: str) -> bool:
    """Whether a line begins the name of an agency.

    >>> starts_agency("so noi vu"), starts_agency("va xa hoi"), starts_agency("ban hanh quy che")
    (True, False, False)
    """
    return not key.startswith("ban hanh") and any(f"{key} ".startswith(f"{start} ") for start in AGENCY_STARTS)


def _alike(key: str, wanted: str) -> bool:
    if not 0.7 < len(key) / len(wanted) < 1.4:
        return False
    return SequenceMatcher(None, key.replace(" ", ""), wanted.replace(" ", "")).ratio() > 0.85
