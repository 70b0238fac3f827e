import { randomUUID } from 'node:crypto'
import { open, readFile, rename } from 'node:fs/promises'
import { z } from 'zod'
import type { LedgerPlace } from '../../core/answer-ledger.ts'
import { lost } from './ledger-faults.ts'

/** How far a ledger had come when it was last answered from. */
export type Mark = z.infer<typeof mark>

const mark = z.strictObject({
  /** The id of the ledger, made together with it. */
  id: z.string(),
  /** Sets that were ever written to it. */
  answers: z.int().min(0),
  /** When the storage of the service was restored, ISO 8601: from then on the ledger is held. */
  restored: z.string().optional(),
})

/** The id in the mark of a hold where nobody knows which ledger there was. */
export const unknownLedger = 'unknown'

/** What of a place its mark is kept by. */
type Marked = Pick<LedgerPlace, 'markedPath' | 'advice'>

/** The file that holds the mark of a ledger. */
export function markPath({ markedPath }: Pick<LedgerPlace, 'markedPath'>): string {
  return `${markedPath}.mark`
}

/** Null where there is none. Throws `refused` for one that cannot be read. */
export async function readMark(place: Marked): Promise<Mark | null> {
  const text = await readFile(markPath(place), 'utf8').catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return null
    throw lost(place.advice, 'has a mark that cannot be read', thrown)
  })
  if (text === null) return null
  try {
    return mark.parse(JSON.parse(text))
  } catch (thrown) {
    throw lost(place.advice, 'has a damaged mark', thrown)
  }
}

/**
 * Writes how far a ledger has come, on the disk when it resolves. When two processes do so at once, the slower one may
 * leave the smaller number, which the next answer mends.
 */
export async function advanceMark(place: Marked, next: Mark): Promise<void> {
  const last = await readMark(place)
  if (last !== null && last.id === next.id && last.answers >= next.answers) return
  await writeMark(place, next)
}

/** Replaces the mark, on the disk when it resolves. */
export async function writeMark(place: Marked, next: Mark): Promise<void> {
  const draft = `${markPath(place)}.${randomUUID()}`
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(`${JSON.stringify(next)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, markPath(place))
}
