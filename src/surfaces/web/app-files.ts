import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import type { WebListener } from '../../core/web-sessions.ts'
import { preloads, startPageFiles } from './start-page-files.ts'

/** How a file may be sent; of those that a browser takes, the first one that is there. */
const encodings = [
  { name: 'br', ending: '.br' },
  { name: 'gzip', ending: '.gz' },
] as const

type Encoding = (typeof encodings)[number]['name'] | 'identity'

/** A file of the app as it is sent. */
export interface AppFile {
  readonly type: string
  readonly encoding: Encoding
  readonly body: Buffer
  /** One for one content, whatever its encoding. */
  readonly tag: string
  /** Has its name a digest of what is in it, so that it never changes? */
  readonly isImmutable: boolean
}

/** Media types by the ending of a name. What has another ending is no file of the app. */
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
}

const page = 'index.html'

interface AppFilesOptions {
  /** The folder that the app was built into. */
  readonly folder: string
  readonly listener: WebListener
}

/** The files of the built app. */
export interface AppFiles {
  /**
   * The file of a path below the app, in the first of the encodings that `accepted` has; or that there is none, or no app at all.
   */
  find(path: string, accepted: string): Promise<AppFile | 'absent' | 'not-built'>
}

/**
 * Reads files when they are first asked for and keeps them as they are sent, which are some hundred kilobytes. Only names that the
 * folder has are looked for: a path is never made into one. A build that takes the place of another is noticed by its page.
 */
export function createAppFiles({ folder, listener }: AppFilesOptions): AppFiles {
  let known: { readonly builtAt: number; readonly names: ReadonlySet<string> } | null = null
  const kept = new Map<string, Promise<AppFile>>()

  const namesNow = async (): Promise<ReadonlySet<string> | null> => {
    const builtAt = (await stat(join(folder, page)).catch(nothingThere))?.mtimeMs
    if (builtAt === undefined) return null
    if (known?.builtAt === builtAt) return known.names
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    const files = entries.filter((entry) => entry.isFile())
    const names = files.map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    known = { builtAt, names: new Set(names) }
    kept.clear()
    return known.names
  }

  const once = (key: string, read: () => Promise<AppFile>): Promise<AppFile> => {
    const found = kept.get(key) ?? read()
    kept.set(key, found)
    found.catch(() => kept.delete(key))
    return found
  }

  return {
    async find(path, accepted) {
      const names = await namesNow()
      if (names === null) return 'not-built'
      const name = path === '' ? page : path
      const type = types[extname(name)]
      if (type === undefined || !names.has(name)) return 'absent'
      const taken = encodings.filter((each) => accepts(accepted, each.name))
      if (name === page) {
        const encoding = taken[0]?.name ?? 'identity'
        return once(`${encoding} ${name}`, () => readPage({ folder, listener, encoding, type }))
      }
      const at = taken.find(({ ending }) => names.has(name + ending))
      const encoding = at?.name ?? 'identity'
      return once(`${encoding} ${name}`, async () => {
        const plain = await readFile(join(folder, name))
        const body = at === undefined ? plain : await readFile(join(folder, name + at.ending))
        return { type, encoding, body, tag: tagOf(plain), isImmutable: name.startsWith('assets/') }
      })
    },
  }
}

const compress = {
  br: promisify(brotliCompress),
  gzip: promisify(gzip),
  identity: async (bytes: Buffer) => bytes,
}

/**
 * The page says to its script which listener it comes from, since an address does not, and to the browser what the first page of
 * this listener needs, since each wait of a script for another one is a way to the service and back.
 */
async function readPage({
  folder,
  listener,
  encoding,
  type,
}: AppFilesOptions & { readonly encoding: Encoding; readonly type: string }): Promise<AppFile> {
  const [text, manifest] = await Promise.all([
    readFile(join(folder, page), 'utf8'),
    readFile(join(folder, '.vite', 'manifest.json'), 'utf8'),
  ])
  const own = text.replace(/(<meta name="sallyport-listener" content=)"[^"]*"/, `$1"${listener}"`)
  const plain = Buffer.from(own.replace('</head>', `  ${preloads(startPageFiles(manifest, listener))}\n  </head>`))
  return { type, encoding, body: await compress[encoding](plain), tag: tagOf(plain), isImmutable: false }
}

function tagOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64url').slice(0, 22)
}

/** Does a list of encodings (RFC 9110, 12.5.3) have one by its name, with a weight above 0? */
function accepts(list: string, encoding: string): boolean {
  return list
    .toLowerCase()
    .split(',')
    .some((entry) => {
      const [name = '', ...parameters] = entry.split(';').map((part) => part.trim())
      return name === encoding && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter))
    })
}

function nothingThere(thrown: NodeJS.ErrnoException): null {
  if (thrown.code === 'ENOENT' || thrown.code === 'ENOTDIR') return null
  throw thrown
}
