@echo off
setlocal
title cchc_xl
rem Vi du lam san: ca nam 2020 va quy I nam 2021, ghi vao thu muc chay-thu canh tep nay.
if exist "%~dp0python\python.exe" (
  chcp 65001 >nul
  "%~dp0python\python.exe" -m cchc_xl demo "%~dp0chay-thu"
) else (
  echo Khong thay python\python.exe canh tep nay. Hay giai nen CA tep cchc-xl-windows.zip ra mot thu muc,
  echo vi du C:\cchc-xl, roi bam dup cai_dat.bat o thu muc do.
)
echo.
echo Bam mot phim bat ky de dong cua so nay.
pause >nul
