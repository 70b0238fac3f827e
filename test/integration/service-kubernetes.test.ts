import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { administer, callersOf, DeployedService, logs } from '../support/kubernetes/deployed-service.ts'
import { ServiceLoad } from '../support/kubernetes/service-load.ts'
import { withoutCluster } from '../support/kubernetes/without-cluster.ts'
import { verifies } from '../support/verifies.ts'

/** How often the replicas are restarted under load; `npm test` has none of it, since the image of the service takes minutes. */
const restarts = Number(process.env['SALLYPORT_SERVICE_RESTARTS'] ?? 0)
const isWanted = restarts > 0 && withoutCluster(process.env) === null
const [first, second] = ['sallyport-0', 'sallyport-1'] as const

interface Answer {
  readonly status: number
  readonly replica: string | null
  readonly body: { readonly id?: string; readonly stdout?: string; readonly detail?: string; readonly code?: string }
}

describe.skipIf(!isWanted)('the service in the cluster', () => {
  let service: DeployedService
  let key = ''
  let url = ''

  beforeAll(async () => {
    service = await DeployedService.start()
    key = service.key
    url = await service.url()
  }, 1_800_000)
  afterAll(async () => service?.[Symbol.asyncDispose]())

  async function ask(base: string, path: string, body: object): Promise<Answer> {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const answer = await fetch(base + path, { method: 'POST', headers, body: JSON.stringify(body) })
    const replica = answer.headers.get('x-sallyport-replica')
    return { status: answer.status, replica, body: (await answer.json()) as Answer['body'] }
  }

  const identities = () => Promise.all(service.replicas.map((replica) => service.podOf(replica, '.metadata.uid')))

  /** Names of sandboxes by the lease of the process that has them. */
  async function sandboxes(): Promise<Map<string, readonly string[]>> {
    const text = await administer(['get', 'pods', '-n', 'sallyport-sandboxes', '-o', 'json'])
    const { items } = JSON.parse(text) as {
      items: { metadata: { name: string; ownerReferences?: { name: string }[] } }[]
    }
    const groups = Map.groupBy(items, ({ metadata }) => metadata.ownerReferences?.[0]?.name ?? '')
    return new Map([...groups].map(([lease, pods]) => [lease, pods.map(({ metadata }) => metadata.name)]))
  }

  it('runs programs behind its Service in sandboxes that its account makes, itself without rights on its node', async () => {
    verifies('kubernetes.deployed')
    expect(await ask(url, '/v1/execute', { code: 'print(6 * 7)' })).toMatchObject({
      status: 200,
      body: { stdout: '42\n' },
    })
    for (const replica of service.replicas) {
      expect(await service.inside(replica, ['id', '-u'])).toBe('65532\n')
      await expect(service.inside(replica, ['touch', '/opt/sallyport/x'])).rejects.toThrow('Read-only file system')
      expect(await service.inside(replica, ['sh', '-c', 'grep CapEff /proc/1/status'])).toMatch(/CapEff:\t0+\n/)
      expect(await service.inside(replica, ['sh', '-c', 'command -v apt dpkg perl npm || echo none'])).toBe('none\n')
    }
    expect(await logs()).not.toContain('sign-in?link=')
    // Each of them has sandboxes of its own.
    await expect.poll(async () => (await sandboxes()).size).toBe(2)
  })

  it('is replaced one replica after the other under load, and nobody is told anything but to try again', async () => {
    verifies('kubernetes.rolling')
    using callers = callersOf(4)
    const load = ServiceLoad.begin(url, key, callers.addresses)
    await expect.poll(() => load.answered, { timeout: 120_000 }).toBeGreaterThan(20)
    for (let count = 0; count < restarts; count += 1) {
      const before = await identities()
      await service.restart()
      const after = await identities()
      expect(after.filter((uid) => before.includes(uid))).toEqual([])
      const so = load.answered
      await expect.poll(() => load.answered, { timeout: 120_000 }).toBeGreaterThan(so + 20)
    }
    await load.end()
    process.stderr.write(
      `${load.answered} answers, ${load.programs.length} of programs, ${load.retried} told to try again\n`,
    )
    expect(load.failed).toEqual([])
    expect(load.programs.length).toBeGreaterThan(5)
    // The trail of each goes on where that of its former pod ended, and has each program.
    const told = await Promise.all(
      service.replicas.map(async (replica) => {
        await service.inside(replica, ['sallyport', 'audit', 'verify'])
        return service.inside(replica, ['cat', '/var/lib/sallyport/audit.jsonl'])
      }),
    )
    expect(load.programs.filter((id) => !told.some((trail) => trail.includes(id)))).toEqual([])
    for (const trail of told) expect(trail).toContain('execution-result')
  })

  it('goes on without a replica that was killed, whose sandboxes are swept and whose sessions were lost', async () => {
    verifies('kubernetes.service-killed')
    const [lost, kept] = await Promise.all(
      service.replicas.map(
        async (replica) => (await ask(await service.urlOf(replica), '/v1/sessions', {})).body.id ?? '',
      ),
    )
    const cell = async (replica: string, code: string, session?: string) =>
      ask(await service.urlOf(replica), '/v1/execute', { code, ...(session === undefined ? {} : { session }) })
    expect(await cell(first, 'a = 1\nprint(a)', lost)).toMatchObject({ status: 200 })
    expect(await cell(second, 'a = 2', kept)).toMatchObject({ status: 200 })
    expect(await cell(second, 'print(a)', lost)).toMatchObject({ status: 421, replica: first })
    const before = await sandboxes()
    expect(before.size).toBe(2)
    const starts = async () => Number(await service.podOf(first, '.status.containerStatuses[0].restartCount'))
    const began = await starts()
    // The first process of a container cannot be killed from inside; the container ends with the one that it waits for.
    await service.inside(first, ['sh', '-c', 'kill -KILL $(grep -lx MainThread /proc/[0-9]*/comm | cut -d/ -f3)'])
    expect(await cell(second, 'print(a)', kept)).toMatchObject({ status: 200, body: { stdout: '2\n' } })
    await expect.poll(starts).toBeGreaterThan(began)
    await expect
      .poll(() => cell(second, 'print(a)', lost), { timeout: 120_000, interval: 500 })
      .toMatchObject({ status: 404, body: { detail: expect.stringContaining(`replica "${first}"`) as string } })
    await service.settle()
    const gone = async () => {
      const now = await sandboxes()
      return [...before.keys()].filter((lease) => !now.has(lease))
    }
    await expect.poll(gone, { timeout: 300_000, interval: 1_000 }).toHaveLength(1)
    expect(await cell(second, 'print(a)', kept)).toMatchObject({ status: 200, body: { stdout: '2\n' } })
    expect(await cell(first, 'print(3)')).toMatchObject({ status: 200, body: { stdout: '3\n' } })
    await service.inside(first, ['sallyport', 'audit', 'verify'])
  })
})
