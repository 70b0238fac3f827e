import { z } from 'zod'
import type { WebListener } from '../../core/web-sessions.ts'

/** The page that a listener's app opens with, by its source in the manifest of the build. */
const startPages: Readonly<Record<WebListener, string>> = {
  service: 'pages/ask/ask-page.tsx',
  operators: 'pages/operate/operate-page.tsx',
}

/** The chunk of the document itself, which names its own files. */
const documentName = 'index.html'

/** What the build says of each of its chunks: https://vite.dev/guide/backend-integration. */
const manifestShape = z.record(
  z.string(),
  z.object({
    file: z.string(),
    imports: z.array(z.string()).default([]),
    css: z.array(z.string()).default([]),
  }),
)

/** Files of a page, as paths from the folder of the app. */
interface PageFiles {
  readonly scripts: readonly string[]
  readonly styles: readonly string[]
}

/**
 * The files that the page needs with which a listener's app opens, beyond those the document names itself. Throws for a manifest
 * that is none, or that does not have the page: the app was then built from other sources than this service.
 */
export function startPageFiles(manifestText: string, listener: WebListener): PageFiles {
  const manifest = manifestShape.parse(JSON.parse(manifestText))
  const chunks = new Set<string>()
  const add = (name: string): void => {
    if (chunks.has(name) || name === documentName) return
    const chunk = manifest[name]
    if (chunk === undefined) throw new Error(`The manifest of the app has no "${name}". Run "npm run build".`)
    chunks.add(name)
    chunk.imports.forEach(add)
  }
  add(startPages[listener])
  const files = [...chunks].map((name) => manifest[name]).filter((chunk) => chunk !== undefined)
  return { scripts: files.map(({ file }) => file), styles: files.flatMap(({ css }) => css) }
}

/**
 * Elements for the head of the document that ask for these files while its own script is still on its way. The page whose address
 * somebody opens stands in the fragment, which no server sees: whoever opens another one has the start page for later.
 */
export function preloads({ scripts, styles }: PageFiles): string {
  return [
    ...scripts.map((file) => `<link rel="modulepreload" crossorigin href="./${file}">`),
    ...styles.map((file) => `<link rel="preload" as="style" crossorigin href="./${file}">`),
  ].join('\n    ')
}
