"""Sentences that more than one template tells of the figures with a meaning of their own, written for docxtpl.

Each is whole, ends with a full stop and may only stand where its first figure is known.
"""

from __future__ import annotations

TASKS = (
    "{{ agency }} được giao {{ figure('NV_GIAO')|count_vi }} nhiệm vụ{% if has('NV_SOM') %}, có "
    "{{ figure('NV_SOM')|count_vi }} nhiệm vụ hoàn thành sớm hạn ({{ share('NV_SOM', 'NV_GIAO')|percent_vi }}){% endif %}"
    "{% if has('NV_DUNG') %}, {{ figure('NV_DUNG')|count_vi }} nhiệm vụ hoàn thành đúng hạn "
    "({{ share('NV_DUNG', 'NV_GIAO')|percent_vi }}){% endif %}{% if has('NV_TRE') %}, {% if figure('NV_TRE') %}"
    "{{ figure('NV_TRE')|count_vi }} nhiệm vụ trễ hạn ({{ share('NV_TRE', 'NV_GIAO')|percent_vi }}){% else %}không có nhiệm "
    "vụ trễ hạn{% endif %}{% endif %}{% if has('NV_CHUA') and figure('NV_CHUA') %}, {{ figure('NV_CHUA')|count_vi }} nhiệm "
    "vụ chưa đến hạn ({{ share('NV_CHUA', 'NV_GIAO')|percent_vi }}){% endif %}"
)
LATE_UNITS = "{% if late_units %} Đơn vị có nhiệm vụ trễ hạn: {{ late_units|listing }}.{% endif %}"
REVIEW = (
    "đã rà soát {{ figure('TTHC_RASOAT')|count_vi }}{% if has('TTHC_TONG') %}/{{ figure('TTHC_TONG')|count_vi }} TTHC "
    "({{ share('TTHC_RASOAT', 'TTHC_TONG')|percent_vi }}){% else %} TTHC{% endif %}{% if has('TTHC_GIUNGUYEN') %}; kiến nghị "
    "giữ nguyên {{ figure('TTHC_GIUNGUYEN')|count_vi }} thủ tục{% endif %}{% if has('TTHC_DONGIAN') %}; kiến nghị đơn giản "
    "hóa {{ figure('TTHC_DONGIAN')|count_vi }} thủ tục, chiếm {{ share('TTHC_DONGIAN', 'TTHC_RASOAT')|percent_vi }} số TTHC "
    "đã rà soát{% if has('TTHC_TONG') %} và {{ share('TTHC_DONGIAN', 'TTHC_TONG')|percent_vi }} tổng số TTHC{% endif %}"
    "{% endif %}.{% if has('TTHC_TIETKIEM') %} Chi phí tiết kiệm dự kiến sau đơn giản hóa là "
    "{{ figure('TTHC_TIETKIEM')|number_vi }} đồng.{% endif %}"
)
FILES = (
    "tiếp nhận {{ figure('HS_TIEPNHAN')|count_vi }} hồ sơ{% if has('HS_TONTRUOC') and figure('HS_TONTRUOC') %} (ngoài "
    "{{ figure('HS_TONTRUOC')|count_vi }} hồ sơ kỳ trước chuyển sang){% endif %}{% if has('HS_SOM') %}, trong đó "
    "{{ figure('HS_SOM')|count_vi }} hồ sơ được giải quyết trước hạn{% endif %}{% if has('HS_DUNGHAN') and "
    "figure('HS_DUNGHAN') %}, {{ figure('HS_DUNGHAN')|count_vi }} hồ sơ đúng hạn{% endif %}{% if has('HS_DANGXULY') %}, "
    "{{ figure('HS_DANGXULY')|count_vi }} hồ sơ đang giải quyết{% endif %}{% if has('HS_TREHAN') %}, "
    "{% if figure('HS_TREHAN') %}{{ figure('HS_TREHAN')|count_vi }} hồ sơ trễ hạn{% else %}không có hồ sơ trễ hạn{% endif %}"
    "{% endif %}"
)
SOFTWARE = "Theo phần mềm một cửa điện tử, tỷ lệ hồ sơ giải quyết trễ hạn là {{ figure('HS_TRE_PM')|percent_vi }}"
INSPECTION = (
    "đã kiểm tra {{ figure('DV_KIEMTRA')|count_vi }}{% if has('DV_TONG') %}/{{ figure('DV_TONG')|count_vi }} đơn vị "
    "({{ share('DV_KIEMTRA', 'DV_TONG')|percent_vi }}){% else %} đơn vị{% endif %}."
)
