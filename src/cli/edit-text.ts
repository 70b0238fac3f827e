import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Variables } from '../config/environment.ts'
import { ServiceError } from '../core/errors.ts'
import type { AskLine, Person } from './approval-question.ts'
import { visibleText } from './output/visible-text.ts'

interface EditTextOptions {
  readonly variables: Variables
  readonly askLine: AskLine
  /** Runs a task while nothing here reads or draws on the terminal. */
  readonly apart: <T>(task: () => Promise<T>) => Promise<T>
}

/** Endings by which editors know a language. */
const endings: Readonly<Record<string, string>> = { sql: 'sql', python: 'py', javascript: 'js' }

/**
 * Has a person change a text in the editor of `VISUAL` or `EDITOR`; without one, a text of one line on the line where they type.
 * A text that would drive the terminal is never put there: an editor shows what a line would obey.
 */
export function createEditText({ variables, askLine, apart }: EditTextOptions): Person['editText'] {
  const editor = [variables['VISUAL'], variables['EDITOR']].find((command) => (command ?? '').trim() !== '')
  return async (text, language, signal) => {
    if (editor !== undefined) return await apart(() => editFile(text, { editor, language, variables }, signal))
    if (visibleText(text, '') === `${text}\n` && !/[\n\t]/.test(text)) {
      return await askLine('Write it: ', signal, text)
    }
    throw new ServiceError('invalid-request', 'It has several lines, or characters that are not seen', {
      advice: 'Set EDITOR to the editor of your choice, and ask again.',
    })
  }
}

interface EditorOptions {
  readonly editor: string
  readonly language: string | null
  readonly variables: Variables
}

/** The file is the person's alone, and gone when the editor has ended. */
async function editFile(text: string, { editor, language, variables }: EditorOptions, signal: AbortSignal) {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-edit-'))
  try {
    const path = join(folder, `call.${endings[language ?? ''] ?? 'txt'}`)
    await writeFile(path, text.endsWith('\n') ? text : `${text}\n`, { mode: 0o600 })
    // The variable is a command with its options, as others read it, and in place of the shell, so that it ends with the question.
    // It draws where questions are asked: standard output may be a file.
    const child = spawn('sh', ['-c', `exec ${editor} "$1"`, 'sh', path], {
      stdio: [0, 2, 2],
      env: { ...variables },
      signal,
    })
    const ended = Promise.withResolvers<number | null>()
    child.on('error', ended.reject)
    child.on('close', ended.resolve)
    const code = await ended.promise
    if (code !== 0) {
      throw new ServiceError('invalid-request', `The editor ended with ${code ?? 'a signal'}`, {
        advice: 'VISUAL or EDITOR names it; nothing of what it wrote is used.',
      })
    }
    const written = await readFile(path, 'utf8')
    return text.endsWith('\n') ? written : written.replace(/\r?\n$/, '')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
