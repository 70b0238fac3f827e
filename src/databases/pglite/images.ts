import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, readFileSync } from 'node:fs'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { siblingModule } from '../../processes/sibling-module.ts'
import { KillableProcess } from '../../processes/killable-process.ts'
import { databaseProcessFaults } from '../process-faults.ts'
import { sampleVersion } from '../sample/generator.ts'
import { rightsStatements } from '../sample/load.ts'
import { sampleCommentStatements, sampleIndexStatements, sampleTableStatements } from '../sample/schema.ts'
import type { BuildInput } from './messages.ts'
import type { ImageFile } from './open-pglite.ts'

export interface ImagesOptions {
  /** Folder for prepared data directories; made when missing. About 30 MB empty and 80 MB with the sample. */
  readonly directory: string
  onProgress?(text: string): void
}

export type ImageKind = BuildInput['kind']

/**
 * Prepared data directories, each built once and then only read. An image is an uncompressed tar with its SHA-256 in its
 * name, which it gets by renaming: a half-written one is never seen, and two processes that build the same image at the
 * same time leave two good ones.
 */
export interface Images {
  /** The image, built now where it is missing. */
  image(kind: ImageKind, signal: AbortSignal): Promise<ImageFile>
  /** Removes an image that turned out to be damaged, so that the next `image` builds another. */
  discard(kind: ImageKind): Promise<void>
}

const buildMilliseconds = 300_000
const buildMegabytes = 2500

export function createImages(options: ImagesOptions): Images {
  const { directory } = options
  const building = new Map<ImageKind, Promise<ImageFile>>()

  const build = async (kind: ImageKind, signal: AbortSignal): Promise<ImageFile> => {
    const from = kind === 'empty' ? null : await image('empty', signal)
    await mkdir(directory, { recursive: true, mode: 0o700 })
    const part = join(directory, `${kind}-${randomUUID()}.part`)
    try {
      await runBuild({ kind, from, target: part }, options, signal)
      const sha256 = await fileDigest(part)
      const path = join(directory, `${imagePrefix(kind)}${sha256}.tar`)
      await rename(part, path)
      await removeOthers(directory, kind)
      return { path, sha256 }
    } finally {
      await rm(part, { force: true })
    }
  }

  const image = async (kind: ImageKind, signal: AbortSignal): Promise<ImageFile> => {
    const [ready] = await imagesIn(directory, kind)
    if (ready !== undefined) return ready
    const running = building.get(kind) ?? build(kind, signal).finally(() => building.delete(kind))
    building.set(kind, running)
    return running
  }

  return {
    image,
    discard: async (kind) => {
      for (const { path } of await imagesIn(directory, kind)) await rm(path, { force: true })
    },
  }
}

function imagePrefix(kind: ImageKind): string {
  return `${kind}-${imageKey(kind)}-`
}

async function imagesIn(directory: string, kind: ImageKind): Promise<ImageFile[]> {
  const prefix = imagePrefix(kind)
  const names = await readdir(directory).catch(() => [])
  return names
    .filter((name) => name.startsWith(prefix) && name.endsWith('.tar'))
    .sort()
    .map((name) => ({ path: join(directory, name), sha256: name.slice(prefix.length, -'.tar'.length) }))
}

async function runBuild(input: BuildInput, options: ImagesOptions, signal: AbortSignal): Promise<void> {
  await using builder = new KillableProcess({
    script: siblingModule(import.meta.url, './build-process'),
    name: `building the ${input.kind === 'sample' ? 'sample' : 'empty'} database`,
    open: async () => input,
    openMilliseconds: buildMilliseconds,
    faults: databaseProcessFaults,
    maximumMegabytes: buildMegabytes,
    onProgress: (text) => options.onProgress?.(text),
  })
  await builder.warm(signal)
}

/** Same rows, same schema, same PGlite: same key. */
function imageKey(kind: ImageKind): string {
  const packageFile = new URL('../package.json', import.meta.resolve('@electric-sql/pglite'))
  const { version } = JSON.parse(readFileSync(fileURLToPath(packageFile), 'utf8')) as { version: string }
  const statements = [sampleTableStatements, sampleIndexStatements, sampleCommentStatements(), rightsStatements()]
  const content = kind === 'empty' ? [] : [sampleVersion, ...statements]
  return createHash('sha256')
    .update(JSON.stringify([version, content]))
    .digest('hex')
    .slice(0, 16)
}

async function fileDigest(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

/** Images of earlier versions, and parts of builds that were ended more than an hour ago. */
async function removeOthers(directory: string, kind: ImageKind): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!name.startsWith(`${kind}-`) || name.startsWith(imagePrefix(kind))) continue
    const path = join(directory, name)
    const facts = await stat(path).catch(() => null)
    const old = facts !== null && Date.now() - facts.mtimeMs > 3_600_000
    if (name.endsWith('.tar') || old) await rm(path, { force: true })
  }
}
