import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OpenWebui, openWebuiPackages } from '../support/open-webui/open-webui.ts'
import { ProgramsService } from '../support/surfaces/programs-service.ts'
import { verifies } from '../support/verifies.ts'

const packages = openWebuiPackages()
if (typeof packages === 'string') {
  process.stderr.write(`SKIPPED: Open WebUI: ${packages}; "npm run open-webui" installs it\n`)
}

const pictures = (result: string): readonly Buffer[] =>
  result
    .split('\n')
    .filter((line) => line.startsWith('data:image/png;base64,'))
    .map((line) => Buffer.from(line.slice('data:image/png;base64,'.length), 'base64'))

const isPng = (picture: Buffer | undefined): boolean =>
  picture?.subarray(1, 4).toString() === 'PNG' && picture.subarray(-8, -4).toString() === 'IEND'

describe.skipIf(typeof packages === 'string')('Open WebUI 0.12, unmodified', () => {
  let service: ProgramsService
  let webui: OpenWebui
  beforeAll(async () => {
    if (typeof packages === 'string') return
    service = await ProgramsService.start({ http: { base_path: '/sallyport' } })
    const { url, key } = service.served
    webui = await OpenWebui.start({ python: packages.python, url, key, auth: 'token' })
  })
  afterAll(async () => {
    await webui?.[Symbol.asyncDispose]()
    await service?.[Symbol.asyncDispose]()
  })

  it('runs five cells with three charts, all visible, through a base path', async () => {
    verifies('open-webui.real')
    const table = await webui.run('import pandas as pd\npd.DataFrame({"month": ["a", "b"], "sales": [3, 5]})')
    expect(table.result).toContain('sales')
    const draw = 'import matplotlib.pyplot as plt\n'
    const charts = [
      await webui.run(`${draw}plt.plot([1, 2], [3, 4]); plt.show()`),
      await webui.run(`${draw}plt.bar(["a"], [3]); plt.show()`),
      await webui.run(`${draw}plt.boxplot([[1, 2, 9]]); plt.show()`),
    ]
    expect(charts.map(({ result }) => pictures(result).map(isPng))).toEqual([[true], [true], [true]])
    expect(await webui.run('print("Zoë 🙂")\n2 + 2')).toMatchObject({ stdout: 'Zoë 🙂', result: '4' })
    // Each kernel is deleted by the client.
    expect(service.facts('session').map(({ action }) => action)).toContain('close')
  })

  it('shows what fails, and a figure of more than a message may have as a link to it', async () => {
    expect((await webui.run('1 / 0')).stderr).toContain('ZeroDivisionError')
    const { result } = await webui.run(
      'import numpy as np, matplotlib.pyplot as plt\nplt.figure(figsize=(9, 9)); plt.imshow(np.random.rand(900, 900, 3), interpolation="none"); plt.show()',
    )
    const link = /http:\S+/.exec(result)?.[0] ?? ''
    const picture = Buffer.from(await (await fetch(link)).arrayBuffer())
    expect([isPng(picture), picture.length > 1_000_000]).toEqual([true, true])
  })

  it('lists the analyst, and hands on its answer as it comes', async () => {
    expect(await webui.models()).toContain('analyst')
    const answer = await webui.post('/api/chat/completions', {
      model: 'analyst',
      stream: true,
      messages: [{ role: 'user', content: 'How many orders are there?' }],
    })
    const text = await answer.text()
    const said = [...text.matchAll(/^data: (\{.*\})$/gm)].map(([, json = '']) => {
      const { choices } = JSON.parse(json) as { choices?: { delta?: { content?: string } }[] }
      return choices?.[0]?.delta?.content ?? ''
    })
    expect(said.filter((piece) => piece !== '').length).toBeGreaterThan(1)
    expect(said.join('')).toMatch(/\d/)
  })
})

describe.skipIf(typeof packages === 'string')('Open WebUI with a password', () => {
  it('logs in with a key, and runs its code', async () => {
    if (typeof packages === 'string') return
    await using service = await ProgramsService.start()
    const { url, key } = service.served
    await using webui = await OpenWebui.start({ python: packages.python, url, key, auth: 'password' })
    expect(await webui.run('print(6 * 7)')).toMatchObject({ stdout: '42', stderr: '' })
  })
})
