import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync, gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { ensureWebApp, WEB_APP, webAppProblem } from '../../../setup/web-app.mjs'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { verifies } from '../../support/verifies.ts'

/** Of Vite's manifest. */
interface Chunk {
  readonly file: string
  readonly isEntry?: boolean
  readonly css?: readonly string[]
  readonly imports?: readonly string[]
  readonly dynamicImports?: readonly string[]
}

type Manifest = Readonly<Record<string, Chunk>>

/** Most bytes of script, compressed, before somebody sees the page that they came for. */
const mostBytes = 150_000

const compressed = (file: string) => brotliCompressSync(readFileSync(join(WEB_APP, file))).length

/** The files that are loaded with a chunk: its own and those that it imports. */
function filesWith(manifest: Manifest, name: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[name]
  if (chunk === undefined || seen.has(chunk.file)) return seen
  seen.add(chunk.file)
  for (const each of chunk.imports ?? []) filesWith(manifest, each, seen)
  return seen
}

beforeAll(() => ensureWebApp())

describe('the built web app', () => {
  const manifest = () => JSON.parse(readFileSync(join(WEB_APP, '.vite/manifest.json'), 'utf8')) as Manifest
  const pages = () => manifest()['index.html']?.dynamicImports ?? []

  it('loads little before a page is seen, charts apart', () => {
    verifies('web.first-load')
    expect(pages().length).toBeGreaterThanOrEqual(5)
    for (const page of pages()) {
      const files = filesWith(manifest(), page, filesWith(manifest(), 'index.html'))
      const bytes = [...files].reduce((sum, file) => sum + compressed(file), 0)
      expect({ page, isSmall: bytes <= mostBytes, bytes }).toMatchObject({ isSmall: true })
    }
  })

  it('loads what draws charts with no page', () => {
    const { file = '' } = manifest()['charts/vega.ts'] ?? {}
    expect(file).toMatch(/^assets\/.+\.js$/)
    const loading = pages().filter((page) => filesWith(manifest(), page, filesWith(manifest(), 'index.html')).has(file))
    expect(loading).toEqual([])
  })

  it('stands in a page without a script, a style or an address of its own', () => {
    const page = readFileSync(join(WEB_APP, 'index.html'), 'utf8')
    expect(page.match(/<script\b(?![^>]*\bsrc=)/g)).toBeNull()
    expect(page.match(/<style|\sstyle=|\son[a-z]+=/g)).toBeNull()
    const addresses = [...page.matchAll(/\b(?:src|href)="([^"]*)"/g)].map(([, address]) => address)
    expect(addresses.length).toBeGreaterThanOrEqual(3)
    expect(addresses.filter((address) => !address?.startsWith('./'))).toEqual([])
  })

  it('has each script compressed beside it, as the service sends it', () => {
    const { file = '' } = manifest()['index.html'] ?? {}
    const content = readFileSync(join(WEB_APP, file))
    expect(brotliDecompressSync(readFileSync(join(WEB_APP, `${file}.br`)))).toEqual(content)
    expect(gunzipSync(readFileSync(join(WEB_APP, `${file}.gz`)))).toEqual(content)
  })
})

describe('whether the app has to be built', () => {
  function checkout() {
    const project = temporaryFolder('sallyport-web-')
    const folder = join(project, 'build/web')
    mkdirSync(join(project, 'src/web'), { recursive: true })
    writeFileSync(join(project, 'src/web/main.ts'), 'one')
    return { project, folder }
  }

  it('is told by its sources, its settings and whether it is there', () => {
    expect(webAppProblem()).toBeNull()
    const { project, folder } = checkout()
    expect(webAppProblem({ project, folder })).toBe('it has not been built')
    cpSync(WEB_APP, folder, { recursive: true })
    expect(webAppProblem({ project, folder })).toBe('its sources have changed')
  })

  it('is no where there are no sources, as in an installed package', () => {
    const { project, folder } = checkout()
    rmSync(join(project, 'src'), { recursive: true })
    expect(webAppProblem({ project, folder })).toBeNull()
  })
})
