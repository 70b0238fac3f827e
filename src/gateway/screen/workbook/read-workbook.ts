import { posix } from 'node:path'
import { readNumberForms } from './number-forms.ts'
import { WorkbookParts } from './parts.ts'
import { readSharedStrings, readSheet, type ReadBudget } from './read-sheet.ts'
import { readXml } from './read-xml.ts'
import { UnreadableWorkbook, type Sheet, type Workbook } from './workbook.ts'

const mostCells = 1_000_000
const mostSheets = 200
const book = 'xl/workbook.xml'

/**
 * The values of a workbook (Office Open XML, ECMA-376), of which nobody is trusted. Rejects with an UnreadableWorkbook for what is
 * none, or has more than `mostCharacters` in its cells.
 */
export async function readWorkbook(bytes: Buffer, mostCharacters: number): Promise<Workbook> {
  const parts = await WorkbookParts.open(bytes)
  if (!parts.has(book)) throw new UnreadableWorkbook('it is no workbook of Excel')
  const { named, countsFrom1904 } = await readBook(parts)
  const targets = await readTargets(parts)
  const budget: ReadBudget = { cells: mostCells, characters: mostCharacters }
  const strings = await readIfThere(parts.has('xl/sharedStrings.xml'), () =>
    readSharedStrings(parts.text('xl/sharedStrings.xml'), budget),
  )
  const forms = await readIfThere(parts.has('xl/styles.xml'), () => readNumberForms(parts.text('xl/styles.xml')))
  const sheets: Sheet[] = []
  let formulasWithoutValue = 0
  for (const { name, id } of named) {
    const target = targets.get(id)
    // A sheet that is a chart has no cells.
    if (target === undefined || !target.startsWith('xl/worksheets/')) continue
    const sheet = await readSheet(parts.text(target), { strings, forms, budget })
    sheets.push({ name, rows: sheet.rows })
    formulasWithoutValue += sheet.formulasWithoutValue
  }
  if (sheets.length === 0) throw new UnreadableWorkbook('it has no sheet with cells')
  return { sheets, countsFrom1904, formulasWithoutValue }
}

async function readIfThere<T>(isThere: boolean, read: () => Promise<readonly T[]>): Promise<readonly T[]> {
  return isThere ? await read() : []
}

interface NamedSheet {
  readonly name: string
  readonly id: string
}

async function readBook(parts: WorkbookParts): Promise<{ named: readonly NamedSheet[]; countsFrom1904: boolean }> {
  const named: NamedSheet[] = []
  let countsFrom1904 = false
  await readXml(parts.text(book), {
    open(tag, attributes) {
      if (tag === 'workbookPr') countsFrom1904 = /^(?:1|true)$/.test(attributes['date1904'] ?? '')
      if (tag !== 'sheet') return
      const id = Object.entries(attributes).find(([name]) => name.endsWith(':id'))?.[1] ?? ''
      named.push({ name: attributes['name'] ?? '', id })
    },
    close() {},
    text() {},
  })
  if (named.length > mostSheets) throw new UnreadableWorkbook('it has too many sheets')
  return { named, countsFrom1904 }
}

/** Names of parts by the ids that the workbook gives them. */
async function readTargets(parts: WorkbookParts): Promise<ReadonlyMap<string, string>> {
  const targets = new Map<string, string>()
  await readXml(parts.text('xl/_rels/workbook.xml.rels'), {
    open(tag, attributes) {
      if (tag !== 'Relationship' || attributes['TargetMode'] === 'External') return
      const target = posix.resolve('/xl', attributes['Target'] ?? '').slice(1)
      targets.set(attributes['Id'] ?? '', target)
    },
    close() {},
    text() {},
  })
  return targets
}
