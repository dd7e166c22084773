// Writes the sheets of a JSON table as workbooks with SheetJS and ExcelJS: see make_test_workbooks.py.
// usage: node make_test_workbooks.cjs TABLE.json FOLDER   (packages "xlsx" and "exceljs" beside this file's copy)
"use strict";
const fs = require("fs");
const path = require("path");
const SheetJS = require("xlsx");
const ExcelJS = require("exceljs");

const ERRORS = { "#NULL!": 0x00, "#DIV/0!": 0x07, "#VALUE!": 0x0f, "#REF!": 0x17, "#NAME?": 0x1d, "#NUM!": 0x24, "#N/A": 0x2a };
const [, , tablePath, folder] = process.argv;
const books = JSON.parse(fs.readFileSync(tablePath, "utf8"));

function serial(text) {
  return (Date.parse(text.length === 10 ? text + "T00:00:00Z" : text + "Z") - Date.UTC(1899, 11, 30)) / 86400000;
}

function sheetjsCell(cell) {
  const value = cell.value;
  if (cell.kind === "date") return { t: "n", v: serial(value), z: cell.format };
  if (cell.kind === "error") return { t: "e", v: ERRORS[value] };
  if (cell.kind === "formula error") return { t: "e", f: cell.formula, v: ERRORS[value] };
  if (cell.kind === "formula") return { t: "n", f: cell.formula, v: value };
  if (typeof value === "boolean") return { t: "b", v: value };
  if (typeof value === "number") return cell.format ? { t: "n", v: value, z: cell.format } : { t: "n", v: value };
  return { t: "s", v: value };
}

function withSheetJS(book) {
  const made = SheetJS.utils.book_new();
  made.Workbook = { Sheets: book.sheets.map((sheet) => ({ name: sheet.name, Hidden: sheet.hidden ? 1 : 0 })) };
  for (const sheet of book.sheets) {
    const cells = {};
    for (const [address, cell] of Object.entries(sheet.cells)) if (cell.kind !== "font") cells[address] = sheetjsCell(cell);
    const range = { s: { r: 0, c: 0 }, e: { r: 0, c: 0 } };
    for (const address of Object.keys(cells)) {
      const place = SheetJS.utils.decode_cell(address);
      range.e.r = Math.max(range.e.r, place.r);
      range.e.c = Math.max(range.e.c, place.c);
    }
    cells["!ref"] = SheetJS.utils.encode_range(range);
    cells["!merges"] = sheet.merges.map((area) => SheetJS.utils.decode_range(area));
    SheetJS.utils.book_append_sheet(made, cells, sheet.name);
  }
  for (const [ending, type] of [["xlsx", "xlsx"], ["xlsb", "xlsb"], ["xls", "biff8"], ["ods", "ods"]]) {
    // Excel keeps the texts of an .xlsb in a table of their own, SheetJS in the cells unless told: one workbook of each.
    const bookSST = ending === "xlsb" && book.name === "gia-tri";
    const file = path.join(folder, `${book.name}-sheetjs.${ending}`);
    SheetJS.writeFile(made, file, { bookType: type, compression: true, bookSST });
  }
}

async function withExcelJS(book) {
  const made = new ExcelJS.Workbook();
  for (const sheet of book.sheets) {
    const target = made.addWorksheet(sheet.name, { state: sheet.hidden ? "hidden" : "visible" });
    for (const [address, cell] of Object.entries(sheet.cells)) {
      if (cell.kind === "font") continue;
      const place = target.getCell(address);
      if (cell.kind === "date") place.value = new Date(cell.value.length === 10 ? cell.value + "T00:00:00Z" : cell.value + "Z");
      else if (cell.kind === "error") place.value = { error: cell.value };
      else if (cell.kind === "formula error") place.value = { formula: cell.formula, result: { error: cell.value } };
      else if (cell.kind === "formula") place.value = { formula: cell.formula, result: cell.value };
      else place.value = cell.value;
      if (cell.format) place.numFmt = cell.format;
    }
    for (const area of sheet.merges) target.mergeCells(area);
    for (const number of sheet.hidden_rows) target.getRow(number).hidden = true;
    for (const number of sheet.hidden_columns) target.getColumn(number).hidden = true;
  }
  await made.xlsx.writeFile(path.join(folder, `${book.name}-exceljs.xlsx`));
}

(async () => {
  for (const book of books) {
    withSheetJS(book);
    await withExcelJS(book);
  }
})();
