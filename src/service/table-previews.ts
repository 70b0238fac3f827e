import type { Reading } from '../databases/reading/options.ts'
import type { JsonValue } from '../core/json.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { tablePreview, type TablePreview } from '../sessions/describe-table.ts'
import { ownPython } from '../validators/own-program.ts'

export interface TableRequest {
  /** The path below `/mnt/data`. */
  readonly name: string
  readonly settings: Readonly<Record<string, JsonValue>>
}

export interface PreviewOptions {
  readonly timeoutMilliseconds: number
  readonly signal: AbortSignal
  /** First rows of each; 100 at most. */
  readonly rows?: number
}

const requestPath = '.sallyport-preview.json'
const answerPath = '.sallyport-preview.jsonl'
const shownRows = 3
const answerBytes = 4_194_304

const program = ownPython(
  "from sallyport.preview import answer as _answer\n_answer('/mnt/data/.sallyport-preview.json', '/mnt/data/.sallyport-preview.jsonl')\ndel _answer\n",
)

/**
 * Asks the reader in a sandbox what the files hold as tables; the answers are in the order of the requests. `sql
 * --data` and `read_table` use the same reader, so a model reads what code and SQL will find.
 */
export async function previewTables(
  sandbox: Sandbox,
  files: readonly TableRequest[],
  { timeoutMilliseconds, signal, rows = shownRows }: PreviewOptions,
): Promise<readonly TablePreview[]> {
  const request = JSON.stringify({ files, rows })
  await sandbox.files.put(requestPath, pieces(request), signal)
  const { outcome } = await sandbox.run(program, { timeoutMilliseconds }, signal)
  signal.throwIfAborted()
  if (outcome !== 'ok') return files.map(({ name }) => ({ name, unreadable: `looking at it ended with ${outcome}` }))
  const lines = await readLines(sandbox, signal)
  await sandbox.files.delete(requestPath, signal)
  await sandbox.files.delete(answerPath, signal)
  return files.map(({ name }, index) => readPreview(name, lines[index]))
}

function readPreview(name: string, line: string | undefined): TablePreview {
  const parsed = tablePreview.safeParse(parseJson(line ?? ''))
  return parsed.success ? { ...parsed.data, name } : { name, unreadable: 'what it holds could not be told' }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

async function readLines(sandbox: Sandbox, signal: AbortSignal): Promise<readonly string[]> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of sandbox.files.get(answerPath, signal)) {
    bytes += part.length
    if (bytes > answerBytes) break
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8').split('\n')
}

async function* pieces(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}

/** The settings that are not what they would be without a word. */
export function saidSettings(reading: Reading, defaults: Reading): TableRequest['settings'] {
  const known = defaults as Readonly<Record<string, unknown>>
  const said = Object.entries(reading).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(known[name]))
  return Object.fromEntries(said)
}
