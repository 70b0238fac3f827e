import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readBundle } from '../../../src/gateway/authorize/bundle.ts'
import { decisions } from '../../../src/gateway/authorize/decisions.ts'
import { shippedBundle } from '../../../src/gateway/authorize/open-policy.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { packBundle } from './bundles.ts'

/** The path of a bundle of the rules that come with Sallyport, with other terms: `{ actions: … }`. */
export function rulesWithTerms(terms: object): string {
  const { wasm, data } = readBundle(readFileSync(shippedBundle), 'shipped')
  const { sallyport } = JSON.parse(data.toString()) as { readonly sallyport: object }
  const modules = Object.values(decisions).map(({ entryPoint }) => ({ entrypoint: entryPoint, module: '/policy.wasm' }))
  const path = join(temporaryFolder('policy-'), 'bundle.tar.gz')
  const files = {
    '/policy.wasm': wasm,
    '/data.json': JSON.stringify({ sallyport: { ...sallyport, ...terms } }),
    '/.manifest': JSON.stringify({ revision: 'terms', wasm: modules }),
  }
  writeFileSync(path, packBundle(files))
  return path
}
