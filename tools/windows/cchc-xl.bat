@rem Dong lenh: "C:\cchc-xl\cchc-xl.bat" --help
@"%~dp0python\python.exe" -m cchc_xl %*
