import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { key } from '../support/http/http-service.ts'
import { pythonClients } from '../support/http/model-calls/python-calls.ts'
import { startPassService, type PassService } from '../support/http/pass-service.ts'
import { echoModel } from '../support/privacy/echo-model.ts'
import { verifies } from '../support/verifies.ts'

const root = resolve(import.meta.dirname, '../..')
const examples = join(root, 'docs/examples/pii')
const clients = pythonClients()

let at: PassService
beforeAll(async () => {
  at = await startPassService({ group: { privacy_profile: 'default' } })
  at.openai.answer = echoModel({
    say: (body) => {
      const { messages } = JSON.parse(body) as { readonly messages: readonly { readonly content: string }[] }
      return { words: `I would write: ${messages[0]?.content}`, calls: [] }
    },
  })
})
afterAll(() => at[Symbol.asyncDispose]())

async function run(program: string, words: readonly string[]): Promise<string> {
  const { PATH = '' } = process.env
  const env = { PATH, SALLYPORT_URL: at.service.url, SALLYPORT_KEY: key }
  const { stdout } = await promisify(execFile)(program, words, { cwd: root, env, timeout: 280_000 })
  return stdout
}

const said = 'I would write: Tell kim.wexler@hamlin.example that card 4111 1111 1111 1111 was charged.'

function expectHidden(): void {
  const sent = at.openai.requests.at(-1)?.body.toString('utf8') ?? ''
  expect(sent).toMatch(/Tell EMAIL_\w{10} that card CARD_\w{10} was charged\./)
}

describe('the clients of docs/pii.md', () => {
  it('ask in TypeScript, and hear what no model was told', async () => {
    verifies('pii.clients')
    const stdout = await run(process.execPath, [join(examples, 'client.ts')])
    expect(stdout).toBe(`${said}\n{"pii/email":1,"pii/card":1}\n`)
    expectHidden()
  })

  it.skipIf(typeof clients === 'string')(
    `ask in Python, and hear what no model was told${typeof clients === 'string' ? `, which is not here: ${clients}` : ''}`,
    async () => {
      if (typeof clients === 'string') return
      const stdout = await run(clients.python, ['-I', '-B', join(examples, 'client.py')])
      expect(stdout).toBe(`${said}\n{'pii/email': 1, 'pii/card': 1}\n`)
      expectHidden()
    },
  )

  it.each([
    ['client.py', 'python'],
    ['client.ts', 'ts'],
  ])('are %s to the letter, which are twenty lines', (file, language) => {
    const text = readFileSync(join(examples, file), 'utf8')
    expect(readFileSync(join(root, 'docs/pii.md'), 'utf8')).toContain(`\`\`\`${language}\n${text}\`\`\`\n`)
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(20)
  })
})
