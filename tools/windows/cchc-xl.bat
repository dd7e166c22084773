@echo off
rem Dong lenh: "C:\cchc-xl\cchc-xl.bat" --help
if not exist "%~dp0python\python.exe" (
  echo Khong thay python\python.exe canh tep nay. Hay giai nen CA tep cchc-xl-windows.zip ra mot thu muc,
  echo vi du C:\cchc-xl, roi chay cchc-xl.bat o thu muc do.
  exit /b 2
)
"%~dp0python\python.exe" -m cchc_xl %*
