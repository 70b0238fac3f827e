import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCommand } from '../../../support/cli/fake-sallyport.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

function folderWith(content: object) {
  const folder = temporaryFolder('sallyport-models-')
  const base = { kind: 'openai', base_url: 'http://127.0.0.1:9/v1' }
  const price = (output: number) => ({ price: { input: 0, output } })
  const models = { dear: price(9_000_000), cheap: price(1_000_000), blind: { ...price(0), abilities: [] } }
  const config = {
    upstreams: { one: { ...base, models } },
    routes: { assistant: { strategy: 'cost', targets: ['dear', 'cheap', 'blind'] } },
    gateway: { groups: { default: { models: ['assistant', 'dear'] } } },
  }
  const [file, request] = [join(folder, 'config.yaml'), join(folder, 'request.json')]
  writeFileSync(file, JSON.stringify(config))
  writeFileSync(request, JSON.stringify(content))
  return (...words: readonly string[]) =>
    runCommand(['models', ...words.map((word) => (word === 'FILE' ? request : word)), '--config', file], {
      workingDirectory: folder,
    })
}

const tools = [{ type: 'function', function: { name: 'f' } }]
const request = { model: 'assistant', messages: [{ role: 'user', content: 'Hi' }], tools, max_tokens: 100 }

describe('models explain', () => {
  it('says where a request would go, in which order and why', async () => {
    const run = folderWith(request)
    expect(await run('explain', 'FILE')).toMatchObject({
      exitCode: 0,
      stdout: '1. cheap (one): cost 100\n2. dear (one): cost 900\n- blind (one): not asked, needs-tools\n',
    })
    const { stdout } = await run('explain', 'FILE', '--output', 'json')
    expect(JSON.parse(stdout)).toMatchObject({ route: 'assistant', by: 'cost', skipped: [{ name: 'blind' }] })
    expect((await folderWith({ ...request, model: 'dear' })('explain', 'FILE')).stdout).toBe('1. dear (one): single\n')
  })

  it('says what the service would, of a model that the group may not ask', async () => {
    const { exitCode, stderr } = await folderWith({ ...request, model: 'cheap' })('explain', 'FILE')
    expect([exitCode === 0, stderr]).toEqual([
      false,
      expect.stringContaining('There is no model "cheap" for the group "default".'),
    ])
  })
})

describe('models list', () => {
  it('has what a group may ask', async () => {
    const run = folderWith(request)
    const { stdout } = await run('list')
    expect(stdout).toBe('dear: dear (one)\nassistant, by cost: dear (one), cheap (one), blind (one)\n')
    expect(JSON.parse((await run('list', '--output', 'json')).stdout)).toHaveLength(2)
    expect((await run('list', '--group', 'monitoring')).stdout).toBe(
      'The group "monitoring" may ask no model of an upstream.\n',
    )
  })
})
