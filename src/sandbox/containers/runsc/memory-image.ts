import { createHash } from 'node:crypto'
import { link, mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ServiceError } from '../../../core/errors.ts'
import type { SandboxFiles } from '../../sandbox.ts'

/** What the template calls it; the name of the snapshot's file as well. */
const imageName = 'memory.img'
/** Where sandboxes find it, by its SHA-256 in hex. */
const sharedFolder = 'opt/sallyport/memory'

/** A sandbox that is going to be checkpointed. */
interface Template {
  readonly files: Pick<SandboxFiles, 'get' | 'delete'>
  /** The first time it writes down its memory, the second time it uses the file. Returns the nonce in force from then on. */
  readonly greetAgain: () => Promise<Buffer>
}

interface Places {
  /** The snapshot's folder. */
  readonly folder: string
  /** The unpacked image that the template runs on. */
  readonly rootFolder: string
  readonly maximumBytes: number
}

/**
 * Has a template map its memory from a file that all sandboxes restored from it find at the same place: what none of them
 * writes to is in the host's memory once. A template that has no room to write its memory down keeps it as it is. Returns
 * the nonce in force.
 */
export async function shareMemory(template: Template, places: Places, signal: AbortSignal): Promise<Buffer> {
  const nonce = await template.greetAgain()
  const digest = await fetchImage(template, places, signal)
  if (digest === null) return nonce
  await putInPlace(places, digest)
  return template.greetAgain()
}

/** The SHA-256 in hex of what is in the snapshot's folder from now on; null where the template has no such file. */
async function fetchImage({ files }: Template, places: Places, signal: AbortSignal): Promise<string | null> {
  const path = join(places.folder, imageName)
  try {
    const digest = await keepFile(files.get(imageName, signal), path, places.maximumBytes)
    await files.delete(imageName, signal)
    return digest
  } catch (fault) {
    await rm(path, { force: true })
    if (fault instanceof ServiceError && fault.code === 'invalid-file') return null
    throw fault
  }
}

async function keepFile(content: AsyncIterable<Uint8Array>, path: string, maximumBytes: number): Promise<string> {
  const hash = createHash('sha256')
  await using file = await open(path, 'wx', 0o444)
  let bytes = 0
  for await (const piece of content) {
    bytes += piece.length
    if (bytes > maximumBytes) throw new ServiceError('sandbox-lost', 'A template wrote down more than fits into it')
    hash.update(piece)
    await file.writeFile(piece)
  }
  return hash.digest('hex')
}

/**
 * Gives the snapshot's own file a second name among the image's files, so that it is there as long as the snapshot is. Names
 * whose snapshot is gone are removed: theirs is the only one their file has. Sandboxes that use it hold it open.
 */
async function putInPlace({ folder, rootFolder }: Places, digest: string): Promise<void> {
  const place = join(rootFolder, sharedFolder)
  await mkdir(place, { recursive: true, mode: 0o755 })
  for (const name of await readdir(place)) {
    const found = await stat(join(place, name)).catch(() => null)
    if (found?.nlink === 1) await rm(join(place, name), { force: true })
  }
  await link(join(folder, imageName), join(place, digest))
}
