import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { createContext, SourceTextModule, type Module } from 'node:vm'

/**
 * Runs the client in a world that has what every browser has, and nothing of Node, against the service at the address in the
 * first argument, with the key in the second. Prints what a program has said.
 */
const [, , entry = '', baseUrl = '', apiKey = ''] = process.argv

const { AbortController, Blob, File, FormData, Headers, Response, TextDecoder, URL, crypto, fetch } = globalThis
const { clearTimeout, setTimeout } = globalThis
const ofBrowsers = { AbortController, Blob, File, FormData, Headers, Response, TextDecoder, URL, crypto, fetch }
const world: object = Object.create(null) as object
const context = createContext(Object.assign(world, ofBrowsers, { clearTimeout, setTimeout, baseUrl, apiKey, said: [] }))

const known = new Map<string, Module>()

function load(address: URL): Module {
  const before = known.get(address.href)
  if (before !== undefined) return before
  const text = stripTypeScriptTypes(readFileSync(address, 'utf8'), { mode: 'transform' })
  const made = new SourceTextModule(text, { context, identifier: address.href })
  known.set(address.href, made)
  return made
}

function link(specifier: string, from: Module): Module {
  // A browser has no packages, and nothing of Node.
  if (!/^\.\.?\//.test(specifier)) throw new Error(`${from.identifier} needs ${specifier}`)
  return load(new URL(specifier, from.identifier))
}

const program = new SourceTextModule(
  `import { Sallyport } from './${entry.slice(entry.lastIndexOf('/') + 1)}'
const client = new Sallyport({ baseUrl, apiKey })
for await (const event of client.programs.executeStream({ code: 'print("in a browser")' })) said.push(event.type)
const file = await client.files.create({ file: new File(['a,b\\n1,2\\n'], 'x.csv'), purpose: 'user_data' })
said.push(file.filename, (await (await client.files.content(file.id)).text()).length)
said.push(typeof process, typeof require, typeof Buffer)`,
  { context, identifier: entry },
)
await program.link(link)
await program.evaluate()
process.stdout.write(JSON.stringify((context as { readonly said: readonly unknown[] }).said))
