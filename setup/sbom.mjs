// Prints what the product is made of, as CycloneDX 1.5: the packages of npm, the wheels and the base of the sandbox image, gVisor's
// runsc, and the modules of the firewall, each as it is pinned here. Nothing is installed or asked for.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { PROJECT } from './packages.mjs'

/**
 * @typedef {object} Component
 * @property {string} type
 * @property {string} name
 * @property {string} version
 * @property {string} purl
 * @property {'required' | 'optional'} scope
 * @property {{ alg: string, content: string }[]} [hashes]
 * @property {{ name: string, value: string }[]} [properties]
 */

/** @param {string} path */
const read = (path) => readFileSync(join(PROJECT, path), 'utf8')

/**
 * @param {string} part
 * @param {string[]} [hashes]
 */
const about = (part, hashes = []) => [
  { name: 'sallyport:part', value: part },
  ...hashes.map((value) => ({ name: 'sallyport:sha256-of-a-file', value })),
]

/**
 * The wheels of a list of requirements, each with the hashes of the files that pip takes.
 * @param {string} text
 * @returns {Component[]}
 */
export function wheelsOf(text) {
  return text.split(/^(?=[A-Za-z0-9])/m).flatMap((entry) => {
    const [, name, version] = /^([\w.-]+)==([\w.!+-]+)/.exec(entry) ?? []
    if (name === undefined || version === undefined) return []
    const hashes = [...entry.matchAll(/--hash=sha256:([0-9a-f]{64})/g)].map(([, hash = '']) => hash)
    const purl = `pkg:pypi/${name.toLowerCase().replaceAll(/[-_.]+/g, '-')}@${version}`
    return [{ type: 'library', name, version, purl, scope: 'required', properties: about('sandbox image', hashes) }]
  })
}

/**
 * The modules of a `go.mod`.
 * @param {string} text
 * @returns {Component[]}
 */
export function modulesOf(text) {
  return [...text.matchAll(/^\t(\S+) (v\S+)/gm)].map(([, name = '', version = '']) => ({
    type: 'library',
    name,
    version,
    purl: `pkg:golang/${name}@${version}`,
    scope: 'optional',
    properties: about('firewall in front'),
  }))
}

/** @returns {Component[]} */
function aroundNpm() {
  const base = JSON.parse(read('sandbox-images/python/base.json'))
  const { release, module } = JSON.parse(read('runsc/version.json'))
  const [image = '', digest = ''] = base.image.split('@')
  const [name = '', tag = ''] = image.split(':')
  return [
    {
      type: 'container',
      name,
      version: tag,
      purl: `pkg:oci/${name}@${encodeURIComponent(digest)}?tag=${tag}`,
      scope: 'required',
      properties: about('sandbox image'),
    },
    {
      type: 'application',
      name: 'runsc',
      version: release.version,
      purl: `pkg:golang/gvisor.dev/gvisor@${module.version}#runsc`,
      scope: 'required',
      hashes: [{ alg: 'SHA-256', content: release.sha256 }],
      properties: about('sandbox'),
    },
    ...wheelsOf(read('sandbox-images/python/requirements.txt')),
    ...modulesOf(read('deploy/waf/go.mod')),
  ]
}

/** @typedef {Record<string, { name?: string, version: string, dev?: boolean, dependencies?: Record<string, string> }>} Locked */

/** What the web app imports. It is built into the app's own files, so that nothing of it is installed. */
const ofWebApp = ['@preact/signals', 'marked', 'preact', 'vega', 'vega-interpreter', 'vega-lite']

/**
 * Paths in the lock of these packages and of all that they need.
 * @param {Locked} packages
 * @param {readonly string[]} names
 */
function withNeeded(packages, names) {
  /** @type {Set<string>} */
  const found = new Set()
  const wanted = names.map((name) => `node_modules/${name}`)
  for (let path = wanted.pop(); path !== undefined; path = wanted.pop()) {
    if (found.has(path)) continue
    found.add(path)
    for (const name of Object.keys(packages[path]?.dependencies ?? {})) {
      // As Node looks for it: below the package, then beside it, then further out.
      let folder = path
      while (folder !== '' && packages[`${folder}/node_modules/${name}`] === undefined)
        folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))
      wanted.push(folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`)
    }
  }
  return found
}

/**
 * Addresses of the packages of npm that go along with the product: installed with it, or built into the web app. `npm sbom --omit dev` leaves
 * out those, too, that a package of the tests needs besides.
 * @returns {Set<string>}
 */
function packagesAlong() {
  /** @type {Locked} */
  const packages = JSON.parse(read('package-lock.json')).packages
  const builtIn = withNeeded(packages, ofWebApp)
  return new Set(
    Object.entries(packages).flatMap(
      ([path, { name = path.slice(path.lastIndexOf('node_modules/') + 13), version, dev }]) =>
        path === '' || (dev === true && !builtIn.has(path)) ? [] : [`pkg:npm/${name.replace('@', '%40')}@${version}`],
    ),
  )
}

/** The whole bill, as an object of JSON. */
export async function billOfMaterials() {
  const words = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only']
  const { stdout } = await promisify(execFile)('npm', words, { cwd: PROJECT, maxBuffer: 2 ** 26 })
  const { components, dependencies, ...bill } = JSON.parse(stdout)
  const { component } = bill.metadata
  const root = component['bom-ref']
  // npm takes the name of the folder.
  Object.assign(component, { name: 'sallyport', type: 'application' })
  const installed = packagesAlong()
  const packages = components.filter((/** @type {Component} */ { purl }) => installed.has(purl))
  const others = aroundNpm().map((made) => Object.assign(made, { 'bom-ref': made.purl }))
  const kept = new Set([...packages, ...others].map((one) => one['bom-ref']))
  /** @typedef {{ ref: string, dependsOn: string[] }} Dependency */
  const tree = dependencies.flatMap((/** @type {Dependency} */ { ref, dependsOn }) => {
    if (ref !== root && !kept.has(ref)) return []
    const more = ref === root ? others.map(({ purl }) => purl) : []
    return [{ ref, dependsOn: [...dependsOn.filter((other) => kept.has(other)), ...more] }]
  })
  const ends = others.map(({ purl }) => ({ ref: purl, dependsOn: [] }))
  return { ...bill, components: [...packages, ...others], dependencies: [...tree, ...ends] }
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(await billOfMaterials(), null, 2)}\n`)
