import { mkdir, writeFile } from 'node:fs/promises'
import { extname, join, relative } from 'node:path'
import type { AnswerArtifact } from '../../core/events.ts'
import { ServiceError } from '../../core/errors.ts'

const extensions: Readonly<Record<string, string>> = {
  'image/png': '.png',
  'image/jpeg': '.jpg',
  'image/svg+xml': '.svg',
  'application/pdf': '.pdf',
  'text/csv': '.csv',
}

/** A file name from a name that a model or a program chose: one word of a folder, no dots in front, its true ending. */
export function safeName(name: string, mediaType: string): string {
  const stem = name.slice(0, name.length - extname(name).length)
  const word = stem
    .replaceAll(/[^A-Za-z0-9_-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60)
  return (word === '' ? 'chart' : word) + (extensions[mediaType] ?? '.bin')
}

/**
 * Writes an artifact into the folder and returns its path as a person types it. Never overwrites and never follows a
 * link: a taken name gets a number.
 */
export async function saveArtifact(
  artifact: AnswerArtifact,
  folder: string,
  workingDirectory: string,
): Promise<string> {
  const name = safeName(artifact.name, artifact.mediaType)
  const ending = extname(name)
  const stem = name.slice(0, -ending.length)
  try {
    await mkdir(folder, { recursive: true })
    for (let number = 1; number < 10_000; number += 1) {
      const path = join(folder, number === 1 ? name : `${stem}-${number}${ending}`)
      try {
        await writeFile(path, Buffer.from(artifact.content, 'base64'), { flag: 'wx' })
        const short = relative(workingDirectory, path)
        return short.startsWith('..') ? path : short
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      }
    }
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error)
    throw new ServiceError('invalid-file', `${folder}: the chart cannot be saved there (${reason})`, {
      advice: 'Name another folder with --save-dir.',
    })
  }
  throw new ServiceError('invalid-file', `${folder}: it holds too many charts named ${stem}`)
}
