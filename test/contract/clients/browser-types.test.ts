import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const run = promisify(execFile)
const root = resolve(import.meta.dirname, '../../..')
const client = join(root, 'src/client')

describe('the client of the package, elsewhere than in Node', () => {
  it('is checked by the types of browsers alone', async () => {
    const folder = temporaryFolder('client-types-')
    const resolution = {
      target: 'es2022',
      module: 'esnext',
      moduleResolution: 'bundler',
      allowImportingTsExtensions: true,
    }
    const browser = { lib: ['es2022', 'dom', 'dom.iterable'], types: [] }
    const strict = { strict: true, exactOptionalPropertyTypes: true, noEmit: true }
    const compilerOptions = { ...resolution, ...browser, ...strict }
    const include = [join(client, '**/*.ts')]
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include }))
    await run(join(root, 'node_modules/.bin/tsc'), ['-p', folder])
    writeFileSync(join(folder, 'wrong.ts'), 'export const x = process.pid\n')
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: [...include, '*.ts'] }))
    await expect(run(join(root, 'node_modules/.bin/tsc'), ['-p', folder])).rejects.toThrow('failed')
  })
})
