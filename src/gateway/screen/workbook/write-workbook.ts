import { buffer } from 'node:stream/consumers'
import { setImmediate as turnOver } from 'node:timers/promises'
import { ZipFile } from 'yazl'
import type { Cell, NumberForm, Workbook } from './workbook.ts'

const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const types = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
/** Places in the list of styles below. */
const styles: Readonly<Record<NumberForm, number>> = { plain: 0, date: 1, 'date-time': 2, time: 3 }
const rowsPerTurn = 2_000
/** The same values give the same bytes. */
const written = { mtime: new Date(Date.UTC(1980, 0, 1)), forceDosTimestamp: true } as const

/** A workbook with nothing in it but these values: no formula, no link, no macro, nothing hidden. Base64 is up to the caller. */
export async function writeWorkbook({ sheets, countsFrom1904 }: Workbook): Promise<Buffer> {
  const zip = new ZipFile()
  const add = (name: string, text: string) => zip.addBuffer(Buffer.from(head + text), name, written)
  const numbered = sheets.map((sheet, index) => ({ ...sheet, id: index + 1 }))
  const each = (line: (id: number, name: string) => string) => numbered.map(({ id, name }) => line(id, name)).join('')
  add(
    '[Content_Types].xml',
    `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${types}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${types}.styles+xml"/>${each((id) => `<Override PartName="/xl/worksheets/sheet${id}.xml" ContentType="${types}.worksheet+xml"/>`)}</Types>`,
  )
  add(
    '_rels/.rels',
    relationships(`<Relationship Id="rId1" Type="${relations}/officeDocument" Target="xl/workbook.xml"/>`),
  )
  add(
    'xl/workbook.xml',
    `<workbook xmlns="${main}" xmlns:r="${relations}"><workbookPr${countsFrom1904 ? ' date1904="1"' : ''}/><sheets>${each((id, name) => `<sheet name="${toXml(name)}" sheetId="${id}" r:id="rId${id}"/>`)}</sheets></workbook>`,
  )
  const toStyles = `<Relationship Id="rId${sheets.length + 1}" Type="${relations}/styles" Target="styles.xml"/>`
  add(
    'xl/_rels/workbook.xml.rels',
    relationships(
      each((id) => `<Relationship Id="rId${id}" Type="${relations}/worksheet" Target="worksheets/sheet${id}.xml"/>`) +
        toStyles,
    ),
  )
  add('xl/styles.xml', styleSheet)
  for (const { id, rows } of numbered) add(`xl/worksheets/sheet${id}.xml`, await toSheet(rows))
  zip.end()
  return await buffer(zip.outputStream)
}

const relationships = (lines: string): string =>
  `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${lines}</Relationships>`

const styleSheet = `<styleSheet xmlns="${main}"><numFmts count="3"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/><numFmt numFmtId="166" formatCode="[h]:mm:ss"/></numFmts><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0" xfId="0"/><xf numFmtId="164" xfId="0" applyNumberFormat="1"/><xf numFmtId="165" xfId="0" applyNumberFormat="1"/><xf numFmtId="166" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>`

async function toSheet(rows: readonly (readonly Cell[])[]): Promise<string> {
  const lines: string[] = []
  for (const [index, row] of rows.entries()) {
    const cells = row.map((cell, column) => toCell(cell, `${columnName(column)}${index + 1}`)).join('')
    if (cells !== '') lines.push(`<row r="${index + 1}">${cells}</row>`)
    if (index % rowsPerTurn === rowsPerTurn - 1) await turnOver()
  }
  return `<worksheet xmlns="${main}"><sheetData>${lines.join('')}</sheetData></worksheet>`
}

function toCell(cell: Cell, at: string): string {
  if (cell === null) return ''
  if (typeof cell === 'boolean') return `<c r="${at}" t="b"><v>${cell ? 1 : 0}</v></c>`
  if (typeof cell === 'string') {
    return `<c r="${at}" t="inlineStr"><is><t xml:space="preserve">${toXml(escapeCodes(cell))}</t></is></c>`
  }
  return `<c r="${at}" s="${styles[cell.form]}"><v>${cell.number}</v></c>`
}

/** `A`, `B`, …, `Z`, `AA`, …; counted from 0. */
function columnName(column: number): string {
  const rest = Math.floor(column / 26)
  return (rest === 0 ? '' : columnName(rest - 1)) + String.fromCharCode(65 + (column % 26))
}

/** What Excel would read as the code of a character stays as it is written. */
const escapeCodes = (text: string): string => text.replaceAll(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** A text of XML; characters that XML has none of are left out. */
function toXml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll(/[&<>"]/g, (character) => entities[character] ?? '')
}
