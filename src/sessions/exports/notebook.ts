import { gzipSync } from 'node:zlib'
import type { ConversationItem, ToolOutcome } from '../../core/conversations.ts'
import type { Taint } from '../../core/provenance.ts'
import type { JsonValue } from '../../core/json.ts'
import type { CellResult, DisplayItem, TableData } from '../../core/result.ts'
import { codeBlock } from '../../text/code-block.ts'
import { inertMarkdown } from '../../text/inert-markdown.ts'
import { markdownTable } from '../../text/markdown-table.ts'
import { nameInMarkdown } from '../../text/name-in-markdown.ts'
import { rowsAsCsv } from '../../text/rows-as-csv.ts'
import { withoutControls } from '../../text/without-controls.ts'
import { rowsAsParquet } from '../rows-as-parquet.ts'
import { originsOfItems } from '../origins-of-items.ts'
import { doubtsOf, fileLine, refusalLine, speakers, titleOf, type ExportedConversation } from './exported.ts'
import { planText, withLastPlans } from './plan-text.ts'

type Json = { readonly [key: string]: JsonValue }
type ToolUse = Extract<ConversationItem, { readonly type: 'tool-use' }>
type Outcome<Kind extends ToolOutcome['kind']> = Extract<ToolOutcome, { readonly kind: Kind }>

/** The package that programs in a sandbox read tables with, and what it needs, so that a notebook reads the same values. */
export interface SandboxReader {
  /** Texts of its modules by their paths: `sallyport/frames.py`. */
  readonly modules: Readonly<Record<string, string>>
  /** As pip takes them: `pandas==3.1.1`. */
  readonly requirements: readonly string[]
}

const readsTables = /^\s*(?:from\s+sallyport\b|import\s+sallyport\b)/m

/** Rows of a query that are shown under it. */
const shownRows = 20
/** Results of queries that a notebook carries for its programs, bytes together. */
const carriedBytes = 8 * 1024 * 1024

/**
 * A conversation as a Jupyter notebook, nbformat 4.5: questions and answers as Markdown, Python as cells with what they put out,
 * results of queries as data that a first cell writes to where the programs look for them, so that the notebook runs again without a
 * database. It is inert: outputs are texts and pictures of pixels, without HTML, scripts, SVG and widgets.
 * https://nbformat.readthedocs.io/en/latest/format_description.html
 */
export function toNotebook({ id, title, made, items }: ExportedConversation, reader: SandboxReader): Json {
  const results = resultsOf(items.map(({ item }) => item))
  const asksReader = items.some(({ item }) => item.type === 'tool-use' && readsTables.test(item.source?.text ?? ''))
  const cells = [
    heading({ id, title, made, results }),
    ...(asksReader ? [readerCell(reader)] : []),
    ...(results.carried.length === 0 ? [] : [dataCell(results.carried)]),
    ...withLastPlans(items).flatMap((kept) =>
      cellsOf(kept.item).map((cell) => withOrigins(cell, originsOfItems([kept]))),
    ),
  ]
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: { name: 'python3', display_name: 'Python 3', language: 'python' },
      language_info: { name: 'python' },
      ...originsAs(originsOfItems(items)),
    },
    cells: cells.map((cell, index) => Object.assign({ id: `cell-${index + 1}` }, cell)),
  }
}

/** Members that no reader of notebooks uses, for whoever goes on with one. */
const originsAs = (origins: readonly Taint[]) => (origins.length === 0 ? {} : { sallyport: { origins: [...origins] } })

const withOrigins = (cell: Json, origins: readonly Taint[]): Json =>
  Object.assign({}, cell, { metadata: originsAs(origins) })

interface Results {
  readonly carried: readonly { readonly name: string; readonly content: Buffer }[]
  /** Names of those that are too large. */
  readonly left: readonly string[]
}

function resultsOf(items: readonly ConversationItem[]): Results {
  const carried = new Map<string, Buffer>()
  const left = new Set<string>()
  let bytes = 0
  for (const item of items) {
    if (item.type !== 'tool-use' || item.outcome.kind !== 'result') continue
    const { savedAs: name, table } = item.outcome
    if (name === undefined || table === null) continue
    const content = contentOf(name, table)
    bytes += content.length
    if (bytes > carriedBytes || table.rows.length < table.totalRows) left.add(name)
    else carried.set(name, content)
  }
  return { carried: [...carried].map(([name, content]) => ({ name, content })), left: [...left] }
}

/** As programs find it: Parquet, and CSV in conversations that were begun when results were that. */
function contentOf(name: string, table: TableData): Buffer {
  const parquet = name.endsWith('.parquet') ? rowsAsParquet(table) : null
  return parquet?.content ?? Buffer.from(rowsAsCsv(table))
}

function heading({
  id,
  title,
  made,
  results,
}: Pick<ExportedConversation, 'id' | 'title' | 'made'> & { readonly results: Results }): Json {
  const lines = [
    titleOf({ title }),
    `Exported from Sallyport: ${id}, begun ${made.toISOString()}. Outputs are those of then, as the filters let them pass. Files that programs had below /mnt/data lie here where the programs run.`,
    ...(results.left.length === 0
      ? []
      : [
          `Not carried along, because they are large: ${results.left.map(nameInMarkdown).join(', ')}. Programs that read them fail here.`,
        ]),
  ]
  return markdownCell(lines.join('\n\n'))
}

/** Puts the package where imports find it. */
function readerCell({ modules, requirements }: SandboxReader): Json {
  const packed = gzipSync(JSON.stringify(modules), { level: 9 }).toString('base64')
  const lines = [
    '# The reader of tables that programs have in a sandbox of Sallyport, so that they read the same values here. It needs:',
    `#   pip install ${requirements.join(' ')}`,
    'import base64, gzip, json, pathlib, sys, tempfile',
    "folder = pathlib.Path(tempfile.mkdtemp(prefix='sallyport-reader-'))",
    `for path, text in json.loads(gzip.decompress(base64.b64decode(${JSON.stringify(packed)}))).items():`,
    '    (folder / path).parent.mkdir(parents=True, exist_ok=True)',
    '    (folder / path).write_text(text, encoding="utf-8")',
    'sys.path.insert(0, str(folder))',
  ]
  return codeCell(lines.join('\n'), [], null)
}

/** Writes results of queries to where programs of the conversation read them: a folder of its own beside the notebook. */
function dataCell(results: Results['carried']): Json {
  const lines = [
    '# Results of the queries of this conversation, for the programs below, which run in this folder.',
    ...(results.some(({ name }) => name.endsWith('.parquet'))
      ? ['# pandas reads them with pyarrow: pip install pandas pyarrow']
      : []),
    'import base64, os, pathlib',
    "folder = pathlib.Path('sallyport-data')",
    'if pathlib.Path.cwd().name != folder.name:',
    '    folder.mkdir(exist_ok=True)',
    '    os.chdir(folder)',
    ...results.map(
      ({ name, content }) =>
        `pathlib.Path(${JSON.stringify(name)}).write_bytes(base64.b64decode(${JSON.stringify(content.toString('base64'))}))`,
    ),
  ]
  return codeCell(lines.join('\n'), [], null)
}

/** A program of a sandbox, whose files lie below `/mnt/data`, where it runs: here they lie where it runs, too. */
function withOwnPaths(text: string): string {
  return text.replaceAll('/mnt/data/', './').replaceAll(/\/mnt\/data\b/g, '.')
}

function cellsOf(item: ConversationItem): Json[] {
  switch (item.type) {
    case 'message':
      return messageCells(item)
    case 'plan':
      return [markdownCell(planText(item))]
    case 'tool-use':
      return toolCells(item)
    case 'artifact':
      return [markdownCell(fileLine(item))]
  }
}

function messageCells(item: Extract<ConversationItem, { readonly type: 'message' }>): Json[] {
  const { role, content } = item
  if (content.trim() === '') return []
  const doubts = doubtsOf(item)
  return [markdownCell(`**${speakers[role]}**\n\n${inertMarkdown(content)}${doubts === '' ? '' : `\n\n${doubts}`}`)]
}

function toolCells(use: ToolUse): Json[] {
  const { source, outcome } = use
  if (outcome.kind !== 'result') return [...sourceCells(source), markdownCell(refusalLine(use) ?? '')]
  const { cell, table } = outcome
  if (source?.language === 'python' && cell !== null)
    return [codeCell(withOwnPaths(source.text), outputsOf(cell), runNumber(cell))]
  return [...sourceCells(source), ...(cell === null ? [] : [cellText(cell)]), ...resultCells(outcome, table)]
}

/** Code that a notebook of Python does not run. */
function sourceCells(source: ToolUse['source']): Json[] {
  return source === null ? [] : [markdownCell(codeBlock(source.text, source.language))]
}

function resultCells({ savedAs, summary }: Outcome<'result'>, table: TableData | null): Json[] {
  if (table === null) return []
  const told = [markdownTable(table, shownRows), `*${inertMarkdown(summary)}*`].join('\n\n')
  const where = savedAs === undefined ? '' : `\n\nFor programs: \`${nameInMarkdown(savedAs)}\`.`
  return [markdownCell(told + where)]
}

/** What a program said that is not Python, as text. */
function cellText(cell: CellResult): Json {
  const texts = [cell.stdout.text, cell.stderr.text, ...cell.results.map(({ text = '' }) => text), errorText(cell)]
  return markdownCell(codeBlock(texts.filter((text) => text !== '').join('\n') || '(no output)', 'text'))
}

const errorText = ({ error }: CellResult): string => (error === null ? '' : `${error.name}: ${error.value}`)

/** Which number the cell had in its session is not kept: one that ran well counts as the first. */
const runNumber = ({ outcome }: CellResult): number | null => (outcome === 'ok' ? 1 : null)

function outputsOf(cell: CellResult): Json[] {
  const { error, notice } = cell
  return [
    ...stream('stdout', cell.stdout.text),
    ...cell.results.map((item) => display(item)),
    ...stream('stderr', notice === null ? cell.stderr.text : `${cell.stderr.text}${notice}\n`),
    ...(error === null
      ? []
      : [
          {
            output_type: 'error',
            ename: error.name,
            evalue: error.value,
            traceback: error.traceback.split('\n'),
          },
        ]),
  ]
}

function stream(name: 'stdout' | 'stderr', text: string): Json[] {
  return text === '' ? [] : [{ output_type: 'stream', name, text: linesOf(text) }]
}

/** Texts and pictures of pixels alone: HTML, SVG and whatever else a reader would run stays out. */
function display({ isMain, text, png, jpeg, data }: DisplayItem): Json {
  const shown = text ?? (data === undefined ? '' : rowsAsCsv(data))
  const bundle: Json = {
    ...(shown === '' && (png ?? jpeg) !== undefined ? {} : { 'text/plain': linesOf(shown) }),
    ...(png === undefined ? {} : { 'image/png': png }),
    ...(jpeg === undefined ? {} : { 'image/jpeg': jpeg }),
  }
  const kind = isMain ? { output_type: 'execute_result', execution_count: 1 } : { output_type: 'display_data' }
  return { ...kind, data: bundle, metadata: {} }
}

function markdownCell(text: string): Json {
  return { cell_type: 'markdown', metadata: {}, source: linesOf(withoutControls(text)) }
}

function codeCell(text: string, outputs: readonly Json[], executionCount: number | null): Json {
  return { cell_type: 'code', metadata: {}, execution_count: executionCount, source: linesOf(text), outputs }
}

/** Lines with their line feeds, as notebooks hold texts so that their changes can be read. */
function linesOf(text: string): string[] {
  return text.split(/(?<=\n)/)
}
