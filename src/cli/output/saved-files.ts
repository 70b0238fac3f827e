import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, extname, join, relative } from 'node:path'
import type { AnswerArtifact } from '../../core/events.ts'
import { ServiceError } from '../../core/errors.ts'

const pictureEndings: Readonly<Record<string, string>> = { 'image/png': '.png', 'image/jpeg': '.jpg' }

/**
 * A path from a name that a model or a program chose. A picture is one word with its true ending; a file keeps its name,
 * its ending and its folders, each without what could lead out of the folder it is saved in, hide it, or be read as
 * something else.
 */
export function safeName(name: string, mediaType: string): string {
  const ending = pictureEndings[mediaType]
  if (ending === undefined) return safePath(name)
  const word = name
    .slice(0, name.length - extname(name).length)
    .replaceAll(/[^A-Za-z0-9_-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60)
  return (word === '' ? 'chart' : word) + ending
}

/** Names that some file system keeps for devices, with or without an ending. */
const device = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i

function safePath(name: string): string {
  const parts = name
    .split(/[/\\]+/)
    .map(safePart)
    .filter((part) => part !== '')
    .slice(-5)
  return parts.length === 0 ? 'file' : join(...parts)
}

function safePart(part: string): string {
  const plain = part
    .normalize('NFC')
    // Controls, directions and lone halves; what shells, Windows and other systems give a meaning of their own.
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}<>:"|?*]+/gu, '_')
    .replaceAll(/^[.\s-]+|[.\s]+$/g, '')
  const ending = extname(plain).slice(0, 20)
  const short = plain.length > 100 ? `${plain.slice(0, 100 - ending.length)}${ending}` : plain
  return device.test(short) ? `_${short}` : short.toWellFormed()
}

/**
 * Writes an artifact into the folder and returns its path as a person types it. Never overwrites and never follows a
 * link of its name: a taken name gets a number.
 */
export async function saveArtifact(
  artifact: AnswerArtifact,
  folder: string,
  workingDirectory: string,
): Promise<string> {
  const name = safeName(artifact.name, artifact.mediaType)
  const ending = extname(name)
  const stem = name.slice(0, name.length - ending.length)
  try {
    await mkdir(join(folder, dirname(name)), { recursive: true })
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
    throw new ServiceError('invalid-file', `${folder}: ${name} cannot be saved there (${reason})`, {
      advice: 'Name another folder with --output-dir.',
    })
  }
  throw new ServiceError('invalid-file', `${folder}: it holds too many files named ${stem}`)
}

/** Can the file be shown as a picture? Other files are listed by name. */
export function isPicture({ mediaType }: Pick<AnswerArtifact, 'mediaType'>): boolean {
  return pictureEndings[mediaType] !== undefined
}
