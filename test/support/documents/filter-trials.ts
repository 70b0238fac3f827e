import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { cleanEnvironment, sallyport, startSallyport } from '../cli/sallyport-process.ts'
import { serviceKey } from '../filters/service/filter-service.ts'
import { temporaryFolder } from '../temporary-folder.ts'

/** Runs the words over a letter. */
export async function expectFilterCheck(words: readonly string[]): Promise<void> {
  const folder = temporaryFolder('sallyport-docs-')
  writeFileSync(join(folder, 'letter.txt'), 'Dear kim.wexler@hamlin.example\n')
  const { code, stdout } = await sallyport([...words], { folder })
  expect([code, /pii\/email.*mask/.test(stdout)]).toEqual([0, true])
}

/** Runs the words over two labelled texts, and looks for the table and the curves. */
export async function expectFilterEvaluation(words: readonly string[]): Promise<void> {
  const folder = temporaryFolder('sallyport-docs-')
  const texts = [
    { text: 'Dear kim.wexler@hamlin.example', labels: ['pii/email'] },
    { text: 'Good morning', labels: [] },
  ]
  writeFileSync(join(folder, 'labelled.jsonl'), texts.map((text) => JSON.stringify(text)).join('\n'))
  const { code, stdout } = await sallyport([...words], { folder })
  expect([code, /\| pii\/email \| 1 \| 1 \| 100\.0 %/.test(stdout)]).toEqual([0, true])
  expect(readdirSync(join(folder, 'curves')).toSorted()).toEqual(['pii-email-pr.svg', 'pii-email-roc.svg'])
}

/** Runs the words until the process says where it listens, and asks it whether it is ready. */
export async function expectFilterService(words: readonly string[]): Promise<void> {
  const environment = cleanEnvironment({
    SALLYPORT_HTTP_PORT: '0',
    SALLYPORT_HTTP_DRAIN_GRACE_MS: '0',
    SALLYPORT_SECRETS_DIRECTORY: temporaryFolder('sallyport-docs-'),
    SALLYPORT_FILTERS_CONTENT_SERVICE_KEY: serviceKey,
  })
  const child = startSallyport(words, { environment })
  const ended = new Promise<number | null>((done) => child.on('close', done))
  let said = ''
  const url = await new Promise<string>((done, failed) => {
    child.stdout?.on('data', (piece: Buffer) => {
      said += piece.toString()
      const [, address] = /looks at content on (\S+)/.exec(said) ?? []
      if (address !== undefined) done(address)
    })
    void ended.then((code) => failed(new Error(`serve ended with ${code}: ${said}`)))
  })
  expect((await fetch(`${url}/readyz`)).status).toBe(200)
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
}
