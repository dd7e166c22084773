@echo off
setlocal
title cchc_xl
rem Bam dup, hoac keo tha vao day thu muc se chua so dieu khien. Khong can quyen quan tri, khong ghi registry.
rem Qua bien moi truong: mot duong dan nhu D:\ trong dau nhay se nuot dau nhay dong.
set "CCHC_NOI_DAT=%~1"
if exist "%~dp0python\python.exe" (
  "%~dp0python\python.exe" "%~dp0python\cai_dat.py"
) else (
  echo Khong thay python\python.exe canh tep nay. Hay giai nen CA tep cchc-xl-windows.zip ra mot thu muc,
  echo vi du C:\cchc-xl, roi bam dup cai_dat.bat o thu muc do.
)
echo.
echo Bam mot phim bat ky de dong cua so nay.
pause >nul
