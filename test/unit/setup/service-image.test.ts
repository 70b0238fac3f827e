import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { packagesToRun, serviceImageTag } from '../../../setup/service-image.mjs'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const files = [
  'src/main.ts',
  'tsconfig.json',
  'tsconfig.build.json',
  'vite.config.ts',
  'package.json',
  'LICENSE',
  'policies/a.rego',
  'runsc/version.json',
  'sandbox-images/python/Dockerfile',
  'setup/run.mjs',
  'setup/kubernetes/cluster.mjs',
  'package-lock.json',
  'deploy/service/Dockerfile',
  'docs/page.md',
]

function project(changed: Readonly<Record<string, string>> = {}): string {
  const folder = temporaryFolder('sallyport-service-image-')
  const contents = { ...Object.fromEntries(files.map((name) => [name, name])), ...changed }
  for (const [name, content] of Object.entries(contents)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  return folder
}

describe('the tag of the image of the service', () => {
  it('is the same for the same files, wherever they are', () => {
    expect(serviceImageTag(project())).toBe(serviceImageTag(project()))
    expect(serviceImageTag(project())).toMatch(/^sallyport:[0-9a-f]{12}$/)
  })

  it('is another one for each file that it is made from, and for no other', () => {
    const own = serviceImageTag(project())
    const same = files.filter((name) => serviceImageTag(project({ [name]: 'changed' })) === own)
    expect(same).toEqual(['setup/kubernetes/cluster.mjs', 'docs/page.md'])
    expect(serviceImageTag(project({ 'src/new.ts': '' }))).not.toBe(own)
    expect(serviceImageTag(project({ 'runsc/__pycache__/left.pyc': '' }))).toBe(own)
  })
})

describe('the packages of the image of the service', () => {
  it('are those that the lock has for running, within others too', () => {
    const packages = {
      '': { name: 'sallyport' },
      'node_modules/pg': {},
      'node_modules/pg/node_modules/split2': {},
      'node_modules/@img/sharp-linux-x64': { optional: true },
      'node_modules/vitest': { dev: true },
      'node_modules/fsevents': { devOptional: true },
      clients: { link: true },
    }
    expect(packagesToRun(JSON.stringify({ packages }))).toEqual([
      'node_modules/pg',
      'node_modules/pg/node_modules/split2',
      'node_modules/@img/sharp-linux-x64',
    ])
  })
})
