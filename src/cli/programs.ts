import { programLanguages } from '../core/languages.ts'
import { extname } from 'node:path'
import { ServiceError } from '../core/errors.ts'
import { invalidFile, readRegularFile } from '../files/regular-file.ts'

/** What `run` takes; SQL goes to a data source, the rest to a sandbox. */
export const sourceLanguages = [...programLanguages, 'sql'] as const
export type SourceLanguage = (typeof sourceLanguages)[number]

const languageOfExtension: Readonly<Record<string, SourceLanguage>> = {
  '.py': 'python',
  '.js': 'javascript',
  '.mjs': 'javascript',
  '.cjs': 'javascript',
  '.ts': 'typescript',
  '.mts': 'typescript',
  '.cts': 'typescript',
  '.sh': 'shell',
  '.sql': 'sql',
}

const sourceLimit = { bytes: 4 * 1024 * 1024, setting: null }

/** A program in a file, with its language by `--language` or by the file's ending. Throws `invalid-file`. */
export async function readProgram(
  path: string,
  language: SourceLanguage | null,
): Promise<{ readonly language: SourceLanguage; readonly code: string }> {
  const known = language ?? languageOfExtension[extname(path).toLowerCase()]
  if (language === null && /\.[jt]sx$/i.test(path)) {
    throw new ServiceError(
      'invalid-file',
      `${path}: it is JSX, which describes pages, and there is none to render here`,
      {
        advice: 'Write plain JavaScript or TypeScript in a file that ends in .js or .ts.',
      },
    )
  }
  if (known === undefined) {
    throw new ServiceError('invalid-file', `${path}: its ending does not say which language it is`, {
      advice: `Add --language ${sourceLanguages.join('|')}.`,
    })
  }
  const bytes = await readRegularFile(path, sourceLimit)
  return { language: known, code: decodeSource(bytes, path) }
}

/** Source text as UTF-8. Throws `invalid-file` for other bytes. */
export function decodeSource(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw invalidFile(path, 'it is not UTF-8 text')
  }
}
