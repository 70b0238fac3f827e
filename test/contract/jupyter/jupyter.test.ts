import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KernelClient } from '../../support/jupyter/kernel-client.ts'
import { ProgramsService } from '../../support/surfaces/programs-service.ts'
import { verifies } from '../../support/verifies.ts'

let service: ProgramsService
beforeAll(async () => {
  service = await ProgramsService.start({ http: { heartbeat_ms: 300 } })
})
afterAll(() => service[Symbol.asyncDispose]())

const place = (path: string) => `${service.served.url}/jupyter${path}`
const withToken = (path: string, key = service.served.key) => place(`${path}?token=${key}`)

async function startKernel(key = service.served.key): Promise<string> {
  const answer = await fetch(withToken('/api/kernels', key), { method: 'POST' })
  expect(answer.status).toBe(201)
  return ((await answer.json()) as { readonly id: string }).id
}

const deleteKernel = (id: string, key?: string) => fetch(withToken(`/api/kernels/${id}`, key), { method: 'DELETE' })
const statusOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'connected',
    (thrown: unknown) => (thrown as Error).message,
  )

describe('what Open WebUI sends to a Jupyter server', () => {
  it('runs five cells with three charts in one kernel, by a token in the address', async () => {
    verifies('jupyter.transcript')
    const kernel = await startKernel()
    await using client = await KernelClient.connect(withToken(`/api/kernels/${kernel}/channels`))
    const one = await client.run('import pandas as pd, matplotlib.pyplot as plt\nd = pd.DataFrame({"n": [3, 5]})\nd')
    expect(one.types).toEqual(['busy', 'execute_input', 'execute_result', 'execute_reply', 'idle'])
    expect(one.results[0]).toMatchObject({
      'text/plain': expect.stringContaining('5'),
      'text/html': expect.stringContaining('<table'),
    })
    const charts = [
      await client.run('plt.plot([1, 2]); plt.show()'),
      await client.run('plt.bar(["a"], [3]); plt.show()'),
      await client.run('plt.boxplot([[1, 2, 9]]); plt.show()'),
    ]
    for (const { results } of charts) {
      expect(
        Buffer.from(results[0]?.['image/png'] ?? '', 'base64')
          .subarray(1, 4)
          .toString(),
      ).toBe('PNG')
    }
    expect((await client.run('print("Zoë 🙂")\nint(d.n.sum())')).stdout).toBe('Zoë 🙂\n')
    expect((await deleteKernel(kernel)).status).toBe(204)
    expect((await fetch(withToken(`/api/kernels/${kernel}`))).status).toBe(404)
    expect(service.facts('session').map(({ action }) => action)).toEqual(
      expect.arrayContaining(['open', 'use', 'close']),
    )
  })

  it('logs in with a key for a password, and goes on with cookies', async () => {
    const first = await fetch(place('/login'))
    const crossSite = /_xsrf=([^;]+)/.exec(first.headers.get('set-cookie') ?? '')?.[1] ?? ''
    const logIn = (password: string, shown = crossSite) =>
      fetch(place('/login'), {
        method: 'POST',
        headers: { cookie: `_xsrf=${crossSite}` },
        body: new URLSearchParams({ _xsrf: shown, password }),
      })
    expect((await logIn('sp-nobody')).status).toBe(401)
    expect((await logIn(service.served.key, 'other')).status).toBe(403)
    const second = await logIn(service.served.key)
    const set = second.headers.get('set-cookie') ?? ''
    expect(set).toContain('HttpOnly')
    expect(set).not.toContain(service.served.key)
    const cookie = `_xsrf=${crossSite}; ${set.split(';')[0]}`
    const headers = { cookie, 'x-xsrftoken': crossSite }
    const answer = await fetch(place('/api/kernels'), { method: 'POST', headers })
    const { id } = (await answer.json()) as { readonly id: string }
    await using client = await KernelClient.connect(place(`/api/kernels/${id}/channels`), headers)
    expect((await client.run('6 * 7')).results).toEqual([{ 'text/plain': '42' }])
    // A page of somebody else's has the cookie, and cannot send the header.
    expect((await fetch(place('/api/kernels'), { method: 'POST', headers: { cookie } })).status).toBe(403)
    expect(await statusOf(KernelClient.connect(place(`/api/kernels/${id}/channels`), { cookie }))).toBe('answered 403')
    expect((await fetch(place(`/api/kernels/${id}`), { method: 'DELETE', headers })).status).toBe(204)
  })

  it('says what fails, masks what may not leave, and goes on', async () => {
    const kernel = await startKernel()
    await using client = await KernelClient.connect(withToken(`/api/kernels/${kernel}/channels`))
    const broken = await client.run('print("before")\n1 / 0')
    expect([broken.stdout, broken.types.slice(-3)]).toEqual(['before\n', ['error', 'execute_reply', 'idle']])
    expect(broken.stderr).toContain('ZeroDivisionError')
    const masked = await client.run('print("anna.berg@example.com")\n"anna.berg@example.com"')
    expect(JSON.stringify(masked)).not.toContain('anna.berg')
    expect((await client.run('"still here"')).results[0]).toEqual({ 'text/plain': "'still here'" })
    await deleteKernel(kernel)
  })

  it('tells that a long cell goes on, so that nobody waits in vain for the next message, and ends it when it is interrupted', async () => {
    const kernel = await startKernel()
    await using client = await KernelClient.connect(withToken(`/api/kernels/${kernel}/channels`))
    await client.run('kept = 7')
    const running = client.run('import time\nwhile True: time.sleep(0.1)')
    await expect
      .poll(() => client.replies.filter(({ content }) => content['execution_state'] === 'busy').length)
      .toBeGreaterThan(4)
    expect((await fetch(withToken(`/api/kernels/${kernel}/interrupt`), { method: 'POST' })).status).toBe(204)
    expect((await running).stderr).toMatch(/Cancelled|KeyboardInterrupt/)
    expect((await client.run('kept')).results).toEqual([{ 'text/plain': '7' }])
    await fetch(withToken(`/api/kernels/${kernel}/restart`), { method: 'POST' })
    expect((await client.run('kept')).stderr).toContain('NameError')
    await deleteKernel(kernel)
  })

  it('gives a figure of more than a message may have as a link, and text of megabytes in pieces', async () => {
    const kernel = await startKernel()
    await using client = await KernelClient.connect(withToken(`/api/kernels/${kernel}/channels`))
    const { results } = await client.run(
      'import numpy as np, matplotlib.pyplot as plt\nplt.figure(figsize=(9, 9)); plt.imshow(np.random.rand(900, 900, 3), interpolation="none"); plt.show()',
    )
    const link = /http:\S+/.exec(results[0]?.['text/plain'] ?? '')?.[0] ?? ''
    expect((await (await fetch(link)).arrayBuffer()).byteLength).toBeGreaterThan(1_000_000)
    expect((await client.run('print("row of text\\n" * 60_000)')).stdout.length).toBeGreaterThan(700_000)
    await deleteKernel(kernel)
  })

  it('ends what runs when its connection is closed, or its kernel is deleted', async () => {
    const kernel = await startKernel()
    const client = await KernelClient.connect(withToken(`/api/kernels/${kernel}/channels`))
    const began = service.facts('execution').length
    const ended = () => service.facts('execution-result').filter(({ outcome }) => outcome === 'cancelled').length
    const before = ended()
    client.send('execute_request', { code: 'import time; time.sleep(60)' })
    await expect.poll(() => service.facts('execution').length).toBeGreaterThan(began)
    client.socket.terminate()
    await expect.poll(ended).toBe(before + 1)
    await deleteKernel(kernel)
  })

  it('is nothing to anybody but its caller', async () => {
    verifies('jupyter.others')
    const [kernel, other] = [await startKernel(), await service.keyOf('default')]
    const ask = async (method: string, path: string) => (await fetch(withToken(path, other), { method })).status
    expect(await ask('GET', `/api/kernels/${kernel}`)).toBe(404)
    expect(await ask('DELETE', `/api/kernels/${kernel}`)).toBe(404)
    expect(await ask('POST', `/api/kernels/${kernel}/interrupt`)).toBe(404)
    expect(await ask('POST', `/api/kernels/${kernel}/restart`)).toBe(404)
    expect(await statusOf(KernelClient.connect(withToken(`/api/kernels/${kernel}/channels`, other)))).toBe(
      'answered 404',
    )
    expect(await (await fetch(withToken('/api/kernels', other))).json()).toEqual([])
    expect((await fetch(withToken(`/api/kernels/${kernel}`))).status).toBe(200)
    await deleteKernel(kernel)
  })
})
