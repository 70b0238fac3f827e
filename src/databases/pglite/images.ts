import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, readFileSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { KillableProcess } from '../process/killable-process.ts'
import { siblingScript } from '../process/sibling-script.ts'
import { sampleVersion } from '../sample/generator.ts'
import {
  sampleAllowedRelations,
  sampleComments,
  sampleIndexStatements,
  sampleTableStatements,
} from '../sample/schema.ts'
import type { BuildInput } from './messages.ts'
import type { ImageFile } from './open-pglite.ts'

export interface ImagesOptions {
  /** Folder for prepared data directories; made when missing. About 30 MB empty and 80 MB with the sample. */
  readonly directory: string
  onProgress?(text: string): void
}

export type ImageKind = BuildInput['kind']

/**
 * Prepared data directories, each built once and then only read. An image is an uncompressed tar beside a file with its
 * SHA-256; both appear by renaming, so a half-written one is never seen. Two processes may build the same image: the
 * later rename wins and both are right.
 */
export interface Images {
  /** The image, built now where it is missing. */
  image(kind: ImageKind, signal: AbortSignal): Promise<ImageFile>
  /** Removes an image that turned out to be damaged, so that the next `image` builds it anew. */
  discard(kind: ImageKind): Promise<void>
}

const buildMilliseconds = 300_000
const buildMegabytes = 2500

export function createImages(options: ImagesOptions): Images {
  const paths = (kind: ImageKind): { tar: string; digest: string } => {
    const base = join(options.directory, `${kind}-${imageKey(kind)}`)
    return { tar: `${base}.tar`, digest: `${base}.sha256` }
  }
  const building = new Map<ImageKind, Promise<ImageFile>>()

  const build = async (kind: ImageKind, signal: AbortSignal): Promise<ImageFile> => {
    const from = kind === 'empty' ? null : await image('empty', signal)
    await mkdir(options.directory, { recursive: true, mode: 0o700 })
    const { tar, digest } = paths(kind)
    const part = `${tar}.${randomUUID()}.part`
    try {
      await runBuild({ kind, from, target: part }, options, signal)
      const sha256 = await fileDigest(part)
      await rename(part, tar)
      await writeFile(`${part}.sha256`, sha256)
      await rename(`${part}.sha256`, digest)
      await removeOthers(options.directory, kind)
      return { path: tar, sha256 }
    } finally {
      await rm(part, { force: true })
    }
  }

  const image = async (kind: ImageKind, signal: AbortSignal): Promise<ImageFile> => {
    const { tar, digest } = paths(kind)
    const sha256 = await readFile(digest, 'utf8').catch(() => null)
    if (sha256 !== null && (await stat(tar).catch(() => null)) !== null) return { path: tar, sha256: sha256.trim() }
    const running = building.get(kind) ?? build(kind, signal).finally(() => building.delete(kind))
    building.set(kind, running)
    return running
  }

  return {
    image,
    discard: async (kind) => {
      await rm(paths(kind).digest, { force: true })
      await rm(paths(kind).tar, { force: true })
    },
  }
}

async function runBuild(input: BuildInput, options: ImagesOptions, signal: AbortSignal): Promise<void> {
  await using builder = new KillableProcess({
    script: siblingScript(import.meta.url, 'build-process'),
    name: `building the ${input.kind === 'sample' ? 'sample' : 'empty'} database`,
    open: async () => input,
    openMilliseconds: buildMilliseconds,
    maximumMegabytes: buildMegabytes,
    onProgress: (text) => options.onProgress?.(text),
  })
  await builder.warm(signal)
}

/** Same rows, same schema, same PGlite: same key. */
function imageKey(kind: ImageKind): string {
  const packageFile = new URL('../package.json', import.meta.resolve('@electric-sql/pglite'))
  const { version } = JSON.parse(readFileSync(fileURLToPath(packageFile), 'utf8')) as { version: string }
  const content =
    kind === 'empty'
      ? []
      : [sampleVersion, sampleTableStatements, sampleIndexStatements, sampleComments, sampleAllowedRelations]
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

/** Images of earlier versions and parts of builds that were ended more than an hour ago. */
async function removeOthers(directory: string, kind: ImageKind): Promise<void> {
  const key = `${kind}-${imageKey(kind)}`
  for (const name of await readdir(directory)) {
    if (!name.startsWith(`${kind}-`)) continue
    const facts = await stat(join(directory, name)).catch(() => null)
    const stalePart = name.includes('.part') && facts !== null && Date.now() - facts.mtimeMs > 3_600_000
    if (stalePart || !name.startsWith(key)) await rm(join(directory, name), { force: true })
  }
}
