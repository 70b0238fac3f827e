import { randomUUID } from 'node:crypto'
import { open, readFile, rename } from 'node:fs/promises'
import { z } from 'zod'
import { lost } from './ledger-faults.ts'

/** How far a ledger had come when it was last answered from. */
export type Mark = z.infer<typeof mark>

const mark = z.strictObject({
  /** The id of the file, made together with it. */
  id: z.string(),
  /** Sets that were ever written to it. */
  answers: z.int().min(0),
  /** When the storage of the service was restored, ISO 8601: from then on the ledger is held. */
  restored: z.string().optional(),
})

/** The id in the mark of a hold where nobody knows which ledger there was. */
export const unknownLedger = 'unknown'

/** The file beside a ledger's that holds its mark. */
export function markPath(ledger: string): string {
  return `${ledger}.mark`
}

/** Null where there is none. Throws `refused` for one that cannot be read. */
export async function readMark(ledger: string): Promise<Mark | null> {
  const text = await readFile(markPath(ledger), 'utf8').catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return null
    throw lost(ledger, 'has a mark that cannot be read', thrown)
  })
  if (text === null) return null
  try {
    return mark.parse(JSON.parse(text))
  } catch (thrown) {
    throw lost(ledger, 'has a damaged mark', thrown)
  }
}

/**
 * Writes how far a ledger has come, on the disk when it resolves. When two processes do so at once, the slower one may
 * leave the smaller number, which the next answer mends.
 */
export async function advanceMark(ledger: string, next: Mark): Promise<void> {
  const last = await readMark(ledger)
  if (last !== null && last.id === next.id && last.answers >= next.answers) return
  await writeMark(ledger, next)
}

/** Replaces the mark, on the disk when it resolves. */
export async function writeMark(ledger: string, next: Mark): Promise<void> {
  const draft = `${markPath(ledger)}.${randomUUID()}`
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(`${JSON.stringify(next)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, markPath(ledger))
}
