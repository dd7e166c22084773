"""What stands in a workbook, in words for the officer: names of parts and elements come in, words go out; only data.

``None`` marks what every program makes anew and nobody misses: printer settings, the order of calculation, where the
cursor stood. A name that is not listed is told by itself: what nobody thought of is not lost silently either.
"""

from __future__ import annotations

CELL, FORMULA, STYLE, RUNS = "giá trị trong ô", "công thức", "định dạng ô", "chữ nhiều kiểu trong một ô"
ESCAPED = "chữ giống mã ký tự điều khiển"
DYNAMIC, CHECKBOX = "công thức mảng động", "ô đánh dấu (checkbox)"
ROW, COLUMN, SHEET = "chiều cao, ẩn hiện dòng", "độ rộng, ẩn hiện cột", "trang tính"
NOTE, CHART, PICTURE, SHAPE = "ghi chú trong ô", "biểu đồ", "hình ảnh", "hình vẽ, hộp chữ"
CONTROL, RULE, LINK = "nút bấm, ô chọn", "định dạng có điều kiện", "liên kết trong ô"
NAME, PIVOT, SLICER, TIMELINE = "tên vùng", "bảng tổng hợp (PivotTable)", "bộ lọc bằng nút (Slicer)", "dòng thời gian"
OBJECT, RICH_DATA, QUERY = "đối tượng nhúng", "ảnh hoặc dữ liệu kiểu mới trong ô", "truy vấn dữ liệu"
SHARED, SIGNATURE, MACRO = "lịch sử sửa của sổ dùng chung", "chữ ký số", "macro"
FILTER, PAGE, EXTENSION = "bộ lọc", "thiết lập trang in", "phần mở rộng của Excel đời mới"

# What both must have alike: here an addition changes what the unit sees as much as a loss does.
ALIKE = frozenset((CELL, FORMULA, STYLE, RUNS, ROW, COLUMN, CHART))
# What openpyxl never writes.
NEVER_KEPT = frozenset(
    (MACRO, SHAPE, OBJECT, CONTROL, SLICER, TIMELINE, QUERY, RICH_DATA, DYNAMIC, CHECKBOX, SIGNATURE)
)

# Parts by the kind of the relationship that leads to them. The workbook, its sheets and their notes are looked at
# by themselves.
PARTS: dict[str, str | None] = {
    "officeDocument": None,
    "worksheet": None,
    "comments": None,
    "styles": None,
    "sharedStrings": None,
    "calcChain": None,
    "sheetMetadata": None,
    "printerSettings": None,
    "thumbnail": None,
    "core-properties": None,
    "extended-properties": None,
    "person": None,
    "customXmlProps": None,
    "volatileDependencies": None,
    "chartsheet": "trang biểu đồ",
    "dialogsheet": "trang hộp thoại",
    "xlMacrosheet": MACRO,
    "xlIntlMacrosheet": MACRO,
    "vbaProject": MACRO,
    "drawing": SHAPE,
    "image": PICTURE,
    "hdphoto": PICTURE,
    "chart": CHART,
    "chartEx": CHART,
    "chartUserShapes": CHART,
    "chartStyle": None,
    "chartColorStyle": None,
    "themeOverride": CHART,
    "diagramData": "sơ đồ SmartArt",
    "diagramLayout": None,
    "diagramQuickStyle": None,
    "diagramColors": None,
    "diagramDrawing": None,
    "vmlDrawing": CONTROL,
    "control": CONTROL,
    "ctrlProp": CONTROL,
    "activeXControlBinary": CONTROL,
    "oleObject": OBJECT,
    "package": OBJECT,
    "threadedComment": "trao đổi trong ghi chú",
    "table": "bảng (Table)",
    "tableSingleCells": "ô gắn dữ liệu XML",
    "xmlMaps": "ô gắn dữ liệu XML",
    "queryTable": QUERY,
    "connections": "kết nối dữ liệu",
    "pivotTable": PIVOT,
    "pivotCacheDefinition": PIVOT,
    "pivotCacheRecords": PIVOT,
    "slicer": SLICER,
    "slicerCache": SLICER,
    "timeline": TIMELINE,
    "timelineCache": TIMELINE,
    "externalLink": "liên kết sang tệp khác",
    "externalLinkPath": "liên kết sang tệp khác",
    "customXml": "dữ liệu XML đi kèm",
    "customProperty": "dữ liệu của phần mềm bổ trợ",
    "custom-properties": "thuộc tính riêng của tệp",
    "theme": "bộ màu, phông chữ của tệp",
    "FeaturePropertyBag": CHECKBOX,
    "rdRichValue": RICH_DATA,
    "rdRichValueStructure": RICH_DATA,
    "rdRichValueTypes": RICH_DATA,
    "richValueRel": RICH_DATA,
    "revisionHeaders": SHARED,
    "usernames": SHARED,
    "origin": SIGNATURE,
    "signature": SIGNATURE,
    "certificate": SIGNATURE,
    "extensibility": "nút riêng trên thanh công cụ",
    "attachedToolbars": "nút riêng trên thanh công cụ",
    "classificationlabels": "nhãn phân loại tài liệu",
    "webextensiontaskpanes": "phần mềm bổ trợ",
}
# What stands directly in a sheet, in the workbook, in an anchor of a drawing.
IN_SHEET: dict[str, str | None] = {
    "sheetPr": "màu thẻ, thiết lập của trang tính",
    "sheetData": None,
    "dimension": None,
    "sheetViews": "cố định dòng cột, cách hiển thị trang tính",
    "sheetFormatPr": "chiều cao dòng, độ rộng cột mặc định",
    "sheetCalcPr": None,
    "sheetProtection": "khóa trang tính",
    "protectedRanges": "vùng được sửa khi khóa trang tính",
    "scenarios": "kịch bản (Scenario)",
    "autoFilter": FILTER,
    "sortState": FILTER,
    "dataConsolidate": "thiết lập hợp nhất dữ liệu",
    "customSheetViews": "khung nhìn tùy chỉnh",
    "mergeCells": "ô gộp",
    "phoneticPr": None,
    "conditionalFormatting": RULE,
    "dataValidations": "danh sách chọn, kiểm tra dữ liệu nhập",
    "hyperlinks": LINK,
    "printOptions": PAGE,
    "pageMargins": PAGE,
    "pageSetup": PAGE,
    "headerFooter": "đầu trang, chân trang",
    "rowBreaks": "ngắt trang",
    "colBreaks": "ngắt trang",
    "customProperties": "dữ liệu của phần mềm bổ trợ",
    "cellWatches": None,
    "ignoredErrors": None,
    "smartTags": None,
    "drawing": None,
    "legacyDrawing": None,
    "legacyDrawingHF": "hình ở đầu trang, chân trang",
    "picture": "ảnh nền",
    "oleObjects": OBJECT,
    "controls": CONTROL,
    "webPublishItems": None,
    "tableParts": None,
}
IN_WORKBOOK: dict[str, str | None] = {
    "fileVersion": None,
    "fileSharing": "khuyến nghị chỉ đọc, mật khẩu ghi",
    "workbookPr": "thiết lập của sổ",
    "workbookProtection": "khóa cấu trúc sổ",
    "bookViews": None,
    "sheets": SHEET,
    "functionGroups": None,
    "externalReferences": None,
    "definedNames": NAME,
    "calcPr": "thiết lập tính toán",
    "oleSize": None,
    "customWorkbookViews": "khung nhìn tùy chỉnh",
    "pivotCaches": None,
    "smartTagPr": None,
    "smartTagTypes": None,
    "webPublishing": None,
    "fileRecoveryPr": None,
    "webPublishObjects": None,
    "absPath": None,
    "revisionPtr": None,
}
IN_DRAWING: dict[str, str | None] = {"pic": PICTURE, "graphicFrame": CHART}
# Extensions by what stands in them.
EXTENSIONS: dict[str, str | None] = {
    "conditionalFormattings": "định dạng có điều kiện dạng mở rộng",
    "id": "định dạng có điều kiện dạng mở rộng",
    "dataValidations": "danh sách chọn dạng mở rộng",
    "sparklineGroups": "biểu đồ nhỏ trong ô (sparkline)",
    "slicerList": SLICER,
    "slicerCaches": SLICER,
    "timelineRefs": TIMELINE,
    "timelineCacheRefs": TIMELINE,
    "protectedRanges": "vùng được sửa khi khóa trang tính",
    "dataModel": "mô hình dữ liệu",
    "xfComplement": CHECKBOX,
    "dxfComplement": CHECKBOX,
    "svgBlip": PICTURE,
    "pivotCaches": PIVOT,
    "ignoredErrors": None,
    "ArchID": None,
    "useLocalDpi": None,
    "creationId": None,
    "rowId": None,
    "colId": None,
    "compatExt": None,
    "workbookPr": None,
    "calcFeatures": None,
    "extCalcPr": None,
    "slicerStyles": None,
    "timelineStyles": None,
}
