@echo off
rem Double-click: the drafts of this folder as pages, before they are published.
chcp 65001 >nul
pushd "%~dp0"
set PYTHONUTF8=1
set MATRIX=py -m aggregator
where matrix >nul 2>nul && set MATRIX=matrix
if exist ".venv\Scripts\matrix.exe" set MATRIX=".venv\Scripts\matrix.exe"
echo 正在打开预览。看完关掉这个窗口就行。
%MATRIX% preview --open
if not errorlevel 1 exit /b 0
echo.
echo 预览没有打开，原因写在上面。看完按任意键关闭这个窗口。
pause >nul
exit /b 1
