import { extname } from 'node:path'
import { readFile, stat } from 'node:fs/promises'
import { ServiceError } from '../core/errors.ts'
import type { ProgramLanguage } from './service.ts'

/** What `run` takes; SQL goes to a data source, the rest to a sandbox. */
export type SourceLanguage = ProgramLanguage | 'sql'

const languageOfExtension: Readonly<Record<string, SourceLanguage>> = {
  '.py': 'python',
  '.js': 'javascript',
  '.mjs': 'javascript',
  '.cjs': 'javascript',
  '.ts': 'javascript',
  '.sh': 'shell',
  '.sql': 'sql',
}

export const sourceLanguages = ['python', 'javascript', 'shell', 'sql'] as const

const maximumSourceBytes = 4 * 1024 * 1024

/** A program in a file, with its language by `--language` or by the file's ending. Throws `invalid-file`. */
export async function readProgram(
  path: string,
  language: SourceLanguage | null,
): Promise<{ readonly language: SourceLanguage; readonly code: string }> {
  const known = language ?? languageOfExtension[extname(path).toLowerCase()]
  if (known === undefined) {
    throw new ServiceError('invalid-file', `${path}: its ending does not say which language it is`, {
      advice: `Add --language ${sourceLanguages.join('|')}.`,
    })
  }
  const facts = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw unusable(
      path,
      error.code === 'ENOENT' ? 'it does not exist' : `it cannot be read (${error.code ?? error.message})`,
    )
  })
  if (facts.isDirectory()) throw unusable(path, 'it is a folder')
  if (!facts.isFile()) throw unusable(path, 'it is not a regular file')
  if (facts.size > maximumSourceBytes) throw unusable(path, 'it is longer than 4 MiB')
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw unusable(path, `it cannot be read (${error.code ?? error.message})`)
  })
  return { language: known, code: decodeSource(bytes, path) }
}

/** Source text as UTF-8. Throws `invalid-file` where it is none. */
export function decodeSource(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw unusable(path, 'it is not UTF-8 text')
  }
}

function unusable(path: string, reason: string): ServiceError {
  return new ServiceError('invalid-file', `${path}: ${reason}`, { parameter: path })
}
