import { open, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { ServiceError } from '../../core/errors.ts'
import { entryAfter, parseEntry, type AuditFact, type AuditPlace } from './entry.ts'
import { continuedEvent, formerFiles, formerName, isAbsent, nextName, retiredEvent, type FormerFile } from './files.ts'
import { lastLineOf } from './last-line.ts'
import { linesOf } from './lines.ts'

const dayMilliseconds = 86_400_000

/**
 * Gives the full file of a trail its former name and puts a new one in its place, whose first line follows the last of the
 * old one. Whatever a crash leaves of this, `mendRotation` completes. The lock of the trail is held.
 */
export async function rotate(path: string, last: AuditPlace, time: string): Promise<void> {
  const former = formerName(path, await firstSequence(path))
  const { line } = entryAfter(last, time, { event: continuedEvent, requestId: '', file: basename(former) })
  await writeFile(nextName(path), line, { mode: 0o600, flush: true })
  await rename(path, former)
  await rename(nextName(path), path)
}

async function firstSequence(path: string): Promise<number> {
  await using file = await open(path, 'r')
  const { size } = await file.stat()
  for await (const { line } of linesOf(file, size)) {
    const entry = parseEntry(line)
    if (entry !== null) return entry.sequence
    break
  }
  throw new ServiceError('invalid-config', `${path}: its first line is not one of an audit trail`, {
    advice: 'Move the file away, or set telemetry.audit_file to another one.',
  })
}

/**
 * Completes a rotation that a crash cut short. Throws `invalid-config` where former files are there and the one that
 * follows them is gone: a new chain in its place would hide that. The lock of the trail is held.
 */
export async function mendRotation(path: string): Promise<void> {
  const size = await stat(path).then(
    (facts) => facts.size,
    (thrown: unknown) => {
      if (isAbsent(thrown)) return null
      throw thrown
    },
  )
  if (size !== null && size > 0) return
  const former = await formerFiles(path)
  if (former.length === 0) return
  if (size === null && (await isWholeNext(path))) {
    await rename(nextName(path), path)
    return
  }
  const { path: lastFormer = '' } = former.at(-1) ?? {}
  throw new ServiceError('invalid-config', `The audit trail ${path} is gone, and ${lastFormer} goes on in it.`, {
    advice: 'Put it back; or move its former files away too, and a new trail begins.',
  })
}

async function isWholeNext(path: string): Promise<boolean> {
  const text = await readFile(nextName(path)).catch(() => null)
  return text !== null && text.at(-1) === 10 && parseEntry(text.subarray(0, -1)) !== null
}

/** What the trail has to say before former files are let go that were last written so many days ago. */
export async function retirable(
  path: string,
  keepDays: number,
  now: Date,
): Promise<readonly { readonly file: FormerFile; readonly fact: AuditFact }[]> {
  const old: { readonly file: FormerFile; readonly fact: AuditFact }[] = []
  for (const file of await formerFiles(path)) {
    const { mtimeMs } = await stat(file.path)
    if (now.getTime() - mtimeMs < keepDays * dayMilliseconds) break
    const { sequence, hash } = await placeOf(file.path)
    old.push({
      file,
      fact: { event: retiredEvent, requestId: '', file: basename(file.path), to: sequence, hash },
    })
  }
  return old
}

async function placeOf(path: string): Promise<AuditPlace> {
  const handle = await open(path, 'r')
  try {
    return await lastLineOf(handle, path)
  } finally {
    await handle.close()
  }
}

/** Lets former files go of which the trail says so. */
export async function retire(files: readonly FormerFile[]): Promise<void> {
  for (const { path } of files) await unlink(path)
}
