import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { PROJECT } from '../../../setup/packages.mjs'
import { billOfMaterials, modulesOf, wheelsOf } from '../../../setup/sbom.mjs'
import { ensureWebApp, WEB_APP } from '../../../setup/web-app.mjs'
import { verifies } from '../../support/verifies.ts'

const read = (path: string): string => readFileSync(join(PROJECT, path), 'utf8')

/** Of the list of licences that the build of the web app makes. */
interface Licensed {
  readonly name: string
  readonly version: string
}

interface Bill {
  readonly bomFormat: string
  readonly metadata: { readonly component: { readonly name: string } }
  readonly components: readonly { readonly 'bom-ref': string; readonly purl: string }[]
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[]
}

describe('the bill of materials', () => {
  it('has what is installed, and nothing that only tests need', async () => {
    verifies('sbom.whole')
    const bill = (await billOfMaterials()) as Bill
    const purls = new Set(bill.components.map(({ purl }) => purl))
    const { packages } = JSON.parse(read('package-lock.json')) as {
      packages: Record<string, { version: string; dev?: boolean; name?: string }>
    }
    const named = (path: string, name = path.slice(path.lastIndexOf('node_modules/') + 13)) => name.replace('@', '%40')
    const installed = Object.entries(packages).filter(([path]) => path !== '')
    const purlOf = ([path, { name, version }]: (typeof installed)[number]) => `pkg:npm/${named(path, name)}@${version}`
    const shipped = new Set(installed.filter(([, { dev }]) => dev !== true).map(purlOf))
    expect([...shipped].filter((purl) => !purls.has(purl))).toEqual([])
    const ofTests = installed.filter(([, { dev }]) => dev === true).map(purlOf)
    // Beside what is installed: what the web app is built of, with what that needs.
    const more = ofTests.filter((purl) => purls.has(purl) && !shipped.has(purl))
    await ensureWebApp()
    const builtIn = JSON.parse(readFileSync(join(WEB_APP, 'licenses.json'), 'utf8')) as Licensed[]
    const ofApp = builtIn.map(({ name, version }) => `pkg:npm/${name.replace('@', '%40')}@${version}`)
    expect(ofApp.length).toBeGreaterThan(5)
    expect(ofApp.filter((purl) => !purls.has(purl))).toEqual([])
    expect(more.filter((purl) => /vitest|vite@|playwright|axe|oxlint|typescript/.test(purl))).toEqual([])
    expect(ofTests.length).toBeGreaterThan(50)
    const wheels = read('sandbox-images/python/requirements.txt').match(/^[\w.-]+==/gm) ?? []
    expect([...purls].filter((purl) => purl.startsWith('pkg:pypi/'))).toHaveLength(wheels.length)
    for (const start of [
      'pkg:oci/debian@',
      'pkg:golang/gvisor.dev/gvisor@',
      'pkg:golang/github.com/corazawaf/coraza/v3@',
    ])
      expect([...purls].filter((purl) => purl.startsWith(start))).toHaveLength(1)
    expect([bill.bomFormat, bill.metadata.component.name]).toEqual(['CycloneDX', 'sallyport'])
    // Whatever it refers to is in it, once.
    const references = bill.components.map((component) => component['bom-ref'])
    expect(new Set(references).size).toBe(references.length)
    const known = new Set([...references, ...bill.dependencies.map(({ ref }) => ref)])
    expect(bill.dependencies.flatMap(({ dependsOn }) => dependsOn).filter((ref) => !known.has(ref))).toEqual([])
  })

  it('reads wheels with all their hashes, and passes over what is none', () => {
    const one = 'a'.repeat(64)
    const text = `# a==1\nTyping_Extensions==4.1 \\\n    --hash=sha256:${one} \\\n    --hash=sha256:${'b'.repeat(64)}\n    # via x==2\n-r other\n`
    expect(wheelsOf(text)).toMatchObject([
      { purl: 'pkg:pypi/typing-extensions@4.1', properties: [{ value: 'sandbox image' }, { value: one }, {}] },
    ])
  })

  it('reads modules, those too that others need', () => {
    const text = 'module x\n\ngo 1.25.0\n\nrequire (\n\ta.example/b/v3 v3.8.1\n\tc.example/d v0.1.0 // indirect\n)\n'
    expect(modulesOf(text).map(({ purl }) => purl)).toEqual([
      'pkg:golang/a.example/b/v3@v3.8.1',
      'pkg:golang/c.example/d@v0.1.0',
    ])
  })
})
