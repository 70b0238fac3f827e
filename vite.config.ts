import { join } from 'node:path'
import { defineConfig } from 'vite'

const root = join(import.meta.dirname, 'src', 'web')

/** Builds the web app into `build/web`, or where `--outDir` says. What is served lies at any path, so that addresses are relative. */
export default defineConfig({
  root,
  base: './',
  envDir: false,
  logLevel: 'warn',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: join(import.meta.dirname, 'build', 'web'),
    emptyOutDir: true,
    manifest: true,
    // What others wrote is given away with its terms: `/app/licenses.json` has them.
    license: { fileName: 'licenses.json' },
    target: 'es2023',
    // Nothing goes into the page as data: its policy has no such source.
    assetsInlineLimit: 0,
    // The browsers that the app is for know it; the polyfill would be a script of its own.
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1024,
  },
})
