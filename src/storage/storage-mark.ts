import { randomUUID } from 'node:crypto'
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { StorageFailure, type StorageState } from './storage-failure.ts'

const markSchema = z.strictObject({ id: z.string(), revision: z.int().min(0) })

/** What a machine remembers of its storage: which one it was, and how many changes of keys it had seen. */
export type StorageMark = z.infer<typeof markSchema>

/** That of a file that says nothing any more: it fits no storage. */
const damaged: StorageMark = { id: 'damaged', revision: 0 }

/** Null where there is none. Throws `StorageFailure` for one that cannot be read. */
export function readStorageMark(path: string): StorageMark | null {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw failureOf(path, thrown)
  }
  try {
    return markSchema.parse(JSON.parse(text))
  } catch {
    return damaged
  }
}

/** Replaces it as a whole, on the disk when it returns. Throws `StorageFailure`. */
export function writeStorageMark(path: string, mark: StorageMark): void {
  const draft = `${path}.${randomUUID()}`
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const descriptor = openSync(draft, 'wx', 0o600)
    try {
      writeSync(descriptor, `${JSON.stringify(mark)}\n`)
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    renameSync(draft, path)
  } catch (thrown) {
    rmSync(draft, { force: true })
    throw failureOf(path, thrown)
  }
}

const states: Readonly<Record<string, Exclude<StorageState, 'ready'>>> = {
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  EROFS: 'read-only',
  EACCES: 'read-only',
  EPERM: 'read-only',
}

function failureOf(path: string, thrown: unknown): StorageFailure {
  const { code = '', message } = thrown as NodeJS.ErrnoException
  return new StorageFailure(states[code] ?? 'unreachable', `its mark ${path}: ${message}`, thrown)
}
