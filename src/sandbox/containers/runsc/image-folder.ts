import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import type { ImageSource } from '../../driver.ts'
import { clearDrafts, draftFolder } from './drafts.ts'

export interface UnpackedImage {
  readonly id: string
  readonly rootFolder: string
  readonly environment: readonly string[]
}

const keptImages = 2
/** Whoever uses an image prepares it again every few minutes; one that rests for this long is in nobody's use. */
const restMilliseconds = 3_600_000

/**
 * The image's files below `folder`, unpacked once per image and marked as in use by each call. Those that nobody used
 * for an hour are cleared away, but for the last two.
 */
export async function ensureImage(folder: string, source: ImageSource, signal: AbortSignal): Promise<UnpackedImage> {
  const { id, environment } = await source.identify(signal)
  const place = placeOf(folder, id)
  const unpacked = { id, environment, rootFolder: join(place, 'rootfs') }
  if (await exists(unpacked.rootFolder)) {
    await utimes(place, new Date(), new Date())
    return unpacked
  }
  await mkdir(folder, { recursive: true, mode: 0o711 })
  await clearDrafts(folder)
  const draft = draftFolder(folder)
  try {
    await mkdir(join(draft, 'rootfs'), { recursive: true, mode: 0o755 })
    await source.unpack(join(draft, 'rootfs'), signal)
    // Whole or not at all; another process may have been first, and its copy is the same.
    await rename(draft, place).catch(() => {})
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  await clearOldest(folder)
  return unpacked
}

function placeOf(folder: string, id: string): string {
  return join(folder, id.replace(/^sha256:/, '').replace(/[^0-9a-zA-Z]/g, '-'))
}

/** Are the files of the image with this id below `folder`, whole? */
export async function isUnpacked(folder: string, id: string): Promise<boolean> {
  return exists(join(placeOf(folder, id), 'rootfs'))
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

async function clearOldest(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.'))
  const aged = await Promise.all(names.map(async (name) => ({ name, time: (await stat(join(folder, name))).mtimeMs })))
  const old = aged
    .sort((first, second) => second.time - first.time)
    .slice(keptImages)
    .filter((entry) => entry.time < Date.now() - restMilliseconds)
  await Promise.all(old.map((entry) => rm(join(folder, entry.name), { recursive: true, force: true })))
}
