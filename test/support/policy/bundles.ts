import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { readBundle } from '../../../src/gateway/authorize/bundle.ts'
import { decisions } from '../../../src/gateway/authorize/decisions.ts'
import { shippedBundle } from '../../../src/gateway/authorize/open-policy.ts'

/** Packs files as a bundle is packed: a gzipped tar with absolute names. */
export function packBundle(files: Readonly<Record<string, string | Buffer>>): Buffer {
  const blocks = Object.entries(files).flatMap(([name, content]) => {
    const bytes = Buffer.from(content)
    const header = Buffer.alloc(512)
    header.write(name, 0)
    header.write(bytes.length.toString(8).padStart(11, '0'), 124)
    header.write('0', 156)
    return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]
  })
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]))
}

/** The rules that come with Sallyport over other data, as JSON below `sallyport`: no OPA is needed to make it. */
export function shippedRulesOver(data: object, revision: string): Buffer {
  const { wasm } = readBundle(readFileSync(shippedBundle), 'shipped')
  const modules = Object.values(decisions).map(({ entryPoint }) => ({ entrypoint: entryPoint, module: '/policy.wasm' }))
  return packBundle({
    '/policy.wasm': wasm,
    '/data.json': JSON.stringify({ sallyport: data }),
    '/.manifest': JSON.stringify({ revision, wasm: modules }),
  })
}
