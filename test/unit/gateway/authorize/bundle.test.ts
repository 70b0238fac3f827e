import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readBundle } from '../../../../src/gateway/authorize/bundle.ts'
import { packBundle } from '../../../support/policy/bundles.ts'

const wasm = ['grant', 'payload', 'action', 'content']
  .map((name) => `sallyport/${name}/decision`)
  .map((entrypoint) => ({ entrypoint, module: '/policy.wasm' }))
const files = {
  '/policy.wasm': 'module',
  '/data.json': '{"a":1}',
  '/.manifest': JSON.stringify({ revision: 'r7', wasm }),
}
const read = (packed: Buffer) => {
  const { revision, wasm, data } = readBundle(packed, 'given')
  return { revision, wasm: wasm.toString(), data: data.toString() }
}
const whole = { revision: 'r7', wasm: 'module', data: '{"a":1}' }

/** The archive of these files, changed before it is packed again. */
function archive(change: (tar: Buffer) => Buffer, given: Readonly<Record<string, string>> = files): Buffer {
  return gzipSync(change(gunzipSync(packBundle(given))))
}

const written = (tar: Buffer, text: string, at: number): Buffer => (tar.write(text, at, 'latin1'), tar)

describe('a bundle', () => {
  it('has its module, its data and the name of its maker', () => {
    expect(read(packBundle(files))).toEqual(whole)
  })

  it('has no data where it has no file of them', () => {
    const { '/policy.wasm': module, '/.manifest': manifest } = files
    expect(read(packBundle({ '/policy.wasm': module, '/.manifest': manifest }))).toEqual({ ...whole, data: '{}' })
  })

  it('is told by its digest where its maker gave no name, and by a name of up to 200 characters', () => {
    const named = (revision?: string) =>
      read(packBundle({ ...files, '/.manifest': JSON.stringify({ revision, wasm }) }))
    expect(named().revision).toMatch(/^sha256:[0-9a-f]{12}$/)
    expect(named('r8').revision).toBe('r8')
    expect(named('r'.repeat(200)).revision).toHaveLength(200)
    expect(() => named('r'.repeat(201))).toThrow(/manifest is not one of a bundle/)
  })

  it('may have names without a slash before them, and files that are others', () => {
    const bare = Object.fromEntries(Object.entries(files).map(([name, text]) => [name.slice(1), text]))
    expect(read(packBundle({ ...bare, 'rules/x.rego': 'package x', '/y': 'z'.repeat(1_024) }))).toEqual(whole)
  })

  it('may have names that fill their field', () => {
    expect(read(packBundle({ [`/${'x'.repeat(99)}`]: 'y', ...files }))).toEqual(whole)
  })

  it('may have files of the kind of old archives, and others that are none', () => {
    expect(read(archive((tar) => ((tar[156] = 0), tar)))).toEqual(whole)
    for (const kind of ['1', '2', '5', 'x']) {
      expect(() => read(archive((tar) => written(tar, kind, 156)))).toThrow(/it has no \/policy.wasm/)
    }
    expect(read(archive((tar) => written(tar, '5', 156), { '/folder': '', ...files }))).toEqual(whole)
  })

  it('ends where its archive does, with or without the blocks of zeros behind it', () => {
    const full = { ...files, '/.manifest': files['/.manifest'].padEnd(512) }
    expect(read(archive((tar) => tar.subarray(0, -1_024), full))).toEqual(whole)
    expect(read(archive((tar) => tar.subarray(0, -1_024), files))).toEqual(whole)
    expect(read(archive((tar) => Buffer.concat([tar, Buffer.from('x'.repeat(600))]), files))).toEqual(whole)
    expect(() => read(archive((tar) => tar.subarray(0, -1_025), full))).toThrow(/it is cut off/)
  })

  it.each(['00000010000', '77777777777', '-0000000001', 'size', ''])(
    'is cut off where a file has the size %j',
    (size) => {
      const packed = archive(
        (tar) => {
          tar.fill(0, 124, 136)
          return written(tar, size, 124)
        },
        { '/policy.wasm': 'x' },
      )
      expect(() => read(packed)).toThrow(
        expect.objectContaining({
          code: 'invalid-config',
          message: 'The policy bundle given cannot be used: it is cut off.',
          advice: 'It has to be a .tar.gz of "opa build -t wasm".',
        }),
      )
    },
  )

  it('names the decisions that it does not have, and how it is built with them', () => {
    const manifest = JSON.stringify({ revision: 'r7', wasm: wasm.slice(0, 1) })
    expect(() => read(packBundle({ ...files, '/.manifest': manifest }))).toThrow(
      expect.objectContaining({
        message:
          'The policy bundle given cannot be used: it has no entry point sallyport/payload/decision, sallyport/action/decision, sallyport/content/decision.',
        advice:
          'Build it with -e sallyport/payload/decision -e sallyport/action/decision -e sallyport/content/decision.',
      }),
    )
  })
})
