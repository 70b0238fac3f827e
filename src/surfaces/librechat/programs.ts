import { ServiceError } from '../../core/errors.ts'
import type { ExecutionAnswer } from '../../core/execution.ts'
import type { ProgramLanguage } from '../../core/languages.ts'
import type { CellResult } from '../../core/result.ts'
import { describeFindings } from '../../core/verdict.ts'
import { cellEnd } from '../cell-end.ts'
import type { ExecRequest } from '../wire/librechat.ts'

/** Languages by the names that LibreChat has for them. */
const languages: Readonly<Record<string, ProgramLanguage>> = {
  py: 'python',
  js: 'javascript',
  ts: 'typescript',
  bash: 'shell',
}

/** Throws `invalid-request` for a language that no sandbox has, and for arguments where a program has none. */
export function programOf({ lang, code, args }: ExecRequest): {
  readonly language: ProgramLanguage
  readonly code: string
} {
  const language = Object.hasOwn(languages, lang) ? languages[lang] : undefined
  if (language === undefined) {
    throw new ServiceError('invalid-request', `There is no language "${lang}" here.`, {
      parameter: 'lang',
      advice: 'There are py, js, ts and bash.',
    })
  }
  if ((args ?? []).length === 0) return { language, code }
  // A line before the program, so that what it prints of its own lines counts one more.
  if (language === 'python') return { language, code: `import sys; sys.argv[1:] = ${pythonList(args ?? [])}\n${code}` }
  if (language === 'shell') return { language, code: `set -- ${(args ?? []).map(shellWord).join(' ')}\n${code}` }
  throw new ServiceError('invalid-request', 'Programs of js and ts are given no arguments here.', {
    parameter: 'args',
    advice: 'Write the values into the program.',
  })
}

/** Everything but plain letters of ASCII is an escape by its number: no text ends its quotes, and halves of characters stay together. */
function pythonList(words: readonly string[]): string {
  const literal = (word: string): string =>
    word.replaceAll(
      /[^ !#-[\]-~]/gu,
      (character) => `\\U${(character.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`,
    )
  return `[${words.map((word) => `"${literal(word)}"`).join(', ')}]`
}

const shellWord = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`

/** What a program said, as a terminal would have it: the value of its last line stands behind what it printed. */
export function outputOf(answer: ExecutionAnswer): { readonly stdout: string; readonly stderr: string } {
  if (answer.kind === 'refused') return { stdout: '', stderr: `Refused: ${describeFindings(answer.findings)}` }
  const { cell, renewed } = answer
  const value = cell.results.find(({ isMain }) => isMain)?.text
  const lines = [cell.stderr.text, renewed, endOf(cell), cutOf(cell)]
  return {
    stdout: joined([cell.stdout.text, value]),
    stderr: joined(lines),
  }
}

function joined(texts: readonly (string | null | undefined)[]): string {
  const said = texts.filter((text): text is string => text !== null && text !== undefined && text !== '')
  return said.map((text) => (text.endsWith('\n') ? text : `${text}\n`)).join('')
}

function endOf(cell: CellResult): string | null {
  const end = cellEnd(cell)
  if (end === null) return null
  if (end.traceback === '') return `${end.name}: ${end.value}`
  return cell.outcome === 'user-error' ? end.traceback : joined([end.traceback, cell.notice])
}

function cutOf({ truncated }: CellResult): string | null {
  return truncated.length === 0 ? null : `Sallyport cut ${truncated.join(', ')} of this run at the limit.`
}
