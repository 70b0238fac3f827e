import { createHash } from 'node:crypto'
import { createReadStream, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { createTestEngine } from '../support/sandbox/docker-sandbox.ts'
import { vettedPython } from '../support/vetted.ts'

const never = new AbortController().signal
const folder = join(import.meta.dirname, '../corpora/tables')

const makeAll = `
import hashlib, json, os
folder = '/mnt/data/made'
os.mkdir(folder)
program = folder + '/make.py'
os.rename('/mnt/data/make.py', program)
exec(compile(open(program).read(), program, 'exec'), {'__file__': program, '__name__': '__main__'})
digests = {name: hashlib.sha256(open(os.path.join(folder, name), 'rb').read()).hexdigest() for name in os.listdir(folder)}
open('/mnt/data/digests.json', 'w').write(json.dumps(digests))
`

describe('the corpus of tables', () => {
  const engine = createTestEngine()
  let sandbox: Sandbox

  beforeAll(async () => {
    sandbox = await engine.claim({ tenant: 'corpus', language: 'python' }, never)
  })
  afterAll(async () => {
    await sandbox[Symbol.asyncDispose]()
    await engine[Symbol.asyncDispose]()
  })

  it('is what make.py makes, byte for byte', async () => {
    await sandbox.files.put('make.py', createReadStream(join(folder, 'make.py')), never)
    const cell = await sandbox.run(await vettedPython(makeAll), { timeoutMilliseconds: 120_000 }, never)
    expect(cell).toMatchObject({ outcome: 'ok', error: null })
    const parts: Uint8Array[] = []
    for await (const part of sandbox.files.get('digests.json', never)) parts.push(part)
    const made = JSON.parse(Buffer.concat(parts).toString()) as Readonly<Record<string, string>>
    const kept = Object.fromEntries(readdirSync(folder).map((name) => [name, digestOf(join(folder, name))]))
    expect(made).toEqual(kept)
  })
})

function digestOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}
