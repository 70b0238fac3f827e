import { readdir } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'

/** A former file of a trail: the current one was given this name when it was full. */
export interface FormerFile {
  readonly path: string
  /** The number of its first line. */
  readonly first: number
}

/** The event of the first line of a file that goes on where a full one ended. */
export const continuedEvent = 'trail-continued'

/** The event of the line that says which former files were let go. */
export const retiredEvent = 'trail-retired'

const digits = 12

/** Does an error of the file system say that nothing has this name? */
export function isAbsent(thrown: unknown): boolean {
  return (thrown as NodeJS.ErrnoException).code === 'ENOENT'
}

/** `audit.jsonl` that begins with line 1 is `audit.000000000001.jsonl` when it is full. */
export function formerName(path: string, first: number): string {
  const end = extname(path)
  return join(dirname(path), `${basename(path, end)}.${String(first).padStart(digits, '0')}${end}`)
}

/** The next file while it is made, which a crash may leave. */
export function nextName(path: string): string {
  return `${path}.next`
}

/** The former files of a trail, oldest first. */
export async function formerFiles(path: string): Promise<readonly FormerFile[]> {
  const end = extname(path)
  const stem = `${basename(path, end)}.`
  const names = await readdir(dirname(path)).catch((thrown: unknown) => {
    if (isAbsent(thrown)) return []
    throw thrown
  })
  return names
    .filter((name) => name.startsWith(stem) && name.endsWith(end))
    .map((name) => ({ name, number: name.slice(stem.length, name.length - end.length) }))
    .filter(({ number }) => number.length === digits && /^\d+$/.test(number))
    .map(({ name, number }) => ({ path: join(dirname(path), name), first: Number(number) }))
    .sort((a, b) => a.first - b.first)
}
