import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TunedService, withoutIds } from '../support/feedback/tuned-service.ts'
import { verifies } from '../support/verifies.ts'

let service: TunedService
beforeAll(async () => {
  service = await TunedService.start()
})
afterAll(() => service[Symbol.asyncDispose]())

const place = 'support/outbound/toxicity'

interface Identified {
  readonly id: string
}
interface Item {
  readonly kind: string
  readonly complaint?: Identified
  readonly decision?: Identified & { readonly scores: readonly { readonly score: number }[] }
}
interface Proposed extends Identified {
  readonly from: number
  readonly to: number
  readonly set: { readonly digest: string }
}

/** From 0.35 on those below 0.7 are harmless, so that a threshold of 0.5 blocks some that did nothing wrong. */
const scores = Array.from({ length: 40 }, (_, at) => Number((0.35 + at * 0.015).toFixed(3)))

/** Asks until the service has counted so many requests of a rollout in its stage. */
async function traffic(rollout: string, stage: string): Promise<void> {
  await expect
    .poll(
      async () => {
        await service.ask(0.2)
        const { counts } = await service.admin<{ counts: readonly { stage: string; requests: number }[] }>(
          'GET',
          `tuning/rollouts/${rollout}`,
        )
        return counts.filter((each) => each.stage === stage).reduce((sum, { requests }) => sum + requests, 0)
      },
      { interval: 200 },
    )
    .toBeGreaterThanOrEqual(3)
}

describe('a threshold that people complain of', () => {
  it('is tuned from a block to a rollback, for one of two groups, by commands and over HTTP', async () => {
    verifies('tuning.steps', 'tuning.audited')
    // Block and appeal.
    for (const score of scores) expect((await service.ask(score)).passed).toBe(score < 0.5)
    const [blocked, other] = [await service.ask(0.6), await service.ask(0.62)]
    const appeal = await service.appeal(blocked.decision, 'It quotes\na letter.')
    const noise = await service.appeal(other.decision, 'Too dear.')
    expect((await service.ask(0.6, 'press')).passed).toBe(false)

    // Queue and labels.
    expect((await service.command('queue', 'list')).stdout).toMatch(
      new RegExp(`^${appeal}  \\S+  appeal  harmless  support`),
    )
    const shown = await service.command('queue', 'show', appeal, '--show-values')
    expect(shown.stdout).toContain('comment  It quotes\n         a letter.\n')
    expect(shown.stdout).toContain('A letter with score 0.6')
    expect(shown.stdout).not.toContain('maria.schneider')
    const said = await service.command('label', appeal, 'toxicity', 'harmless', '--why', 'a quotation')
    expect(said.stdout).toContain(`${blocked.decision} is harmless by toxicity`)
    expect(await service.standing(appeal)).toMatchObject({ state: 'labelled', outcome: 'upheld' })
    await service.command('dismiss', noise, '--why', 'about the price')
    const audit = ['queue', 'list', '--group', 'support', '--rule', 'toxicity', '--kind', 'audit', '--most', '60']
    const { items } = await service.json<{ items: readonly Item[] }>(...audit, '--output', 'json')
    expect(items.length).toBeGreaterThanOrEqual(scores.length)
    for (const { decision } of items) {
      const truth = (decision?.scores[0]?.score ?? 0) >= 0.7 ? 'harmful' : 'harmless'
      const label = { item: decision?.id, rule: 'toxicity', truth, why: 'read' }
      expect(await service.admin('POST', 'tuning/labels', label)).toMatchObject({ truth, source: 'audit' })
    }

    // A set, a proposal, and what it would have come to.
    await service.command('sets', 'make', 'november', place)
    expect((await service.command('sets', 'show', 'november@1')).stdout).toContain(`november@1  ${place}  `)
    const proposing = ['propose', 'november@1', '--false-positive-rate', '0.25', '--output', 'json']
    const { id, from, to, set } = await service.json<Proposed>(...proposing)
    expect(from).toBe(0.5)
    expect(to).toBeGreaterThan(0.62)
    expect((await service.command('propose', 'november@1', '--cost-false-block', '1', '--cost-miss', '5')).code).toBe(0)
    expect((await service.command('simulate', id)).stdout).toMatch(/^released +\d+$/m)

    // Shadow: nothing is decided by it.
    const shadow = ['shadow', id, '--why', 'fewer quotations are blocked', '--output', 'json']
    const { id: rollout } = await service.json<Identified>(...shadow)
    await traffic(rollout, 'shadow')
    expect((await service.ask(0.6)).passed).toBe(false)
    expect((await service.command('show', rollout)).stdout).toContain('shadow control: ')

    // Canary: a looser one needs its data and a person.
    const canary = ['canary', rollout, '--share', '1']
    const refused = await service.command(...canary, '--why', 'acts as simulated')
    expect(refused).toMatchObject({ code: 4, stdout: '', stderr: expect.stringContaining('name the digest') as string })
    const guessed = { share: 1, digest: 'f'.repeat(64), why: 'acts as simulated' }
    const atDoor = service.admin('POST', `tuning/rollouts/${rollout}/canary`, guessed)
    await expect(atDoor).rejects.toThrow('name the digest')
    const person = ['--by', 'ann', '--digest', set.digest]
    await service.json(...canary, ...person, '--why', 'acts as simulated', '--output', 'json')
    await traffic(rollout, 'canary')
    expect((await service.ask(0.6)).passed).toBe(true)
    expect((await service.ask(0.6, 'press')).passed).toBe(false)

    // Promoted, for this group alone, and taken back.
    await service.json('promote', rollout, ...person, '--why', 'no complaint in a day', '--output', 'json')
    expect(await service.admin('GET', 'tuning')).toMatchObject({ thresholds: [{ threshold: to, rollout }] })
    expect((await service.ask(0.6)).passed).toBe(true)
    expect((await service.ask(0.6, 'press')).passed).toBe(false)
    await service.command('rollback', rollout, '--why', 'press asks for it back')
    await expect.poll(async () => (await service.ask(0.6)).passed).toBe(false)
    const { data } = await service.admin<{ data: readonly { rollout: { steps: readonly { to: string }[] } }[] }>(
      'GET',
      'tuning/rollouts?group=support&direction=outbound&rule=toxicity',
    )
    expect(data.map((each) => each.rollout.steps.map((step) => step.to))).toEqual([
      ['shadow', 'canary', 'promoted', 'rolled-back'],
    ])

    // Who, why and on what data.
    expect((await service.command('history', place)).stdout).toContain(`of november@1 ${set.digest}`)
    expect((await service.command('report')).stdout).toContain('toxicity')
    const report = await service.json<{ places: readonly object[] }>('report', '--group', 'support', '--output', 'json')
    expect(report.places).toMatchObject([{ group: 'support', rule: 'toxicity', complaints: 2 }])
    expect((await service.beside('audit', 'verify')).code).toBe(0)
    const trail = await service.beside('audit', 'search', '--output', 'json')
    const { entries } = JSON.parse(trail.stdout) as { entries: readonly { fact: Readonly<Record<string, unknown>> }[] }
    const facts = entries.map(({ fact }) => fact)
    const steps = ['shadow', 'canary', 'promote', 'rollback'].map((name) =>
      facts.find(({ event }) => event === `tuning-${name}`),
    )
    for (const step of steps) {
      expect(step).toMatchObject({ rollout, group: 'support', set: 'november@1', digest: set.digest, from, to })
      expect(step).toMatchObject({
        by: expect.stringMatching(/^cli:/) as string,
        why: expect.stringMatching(/\w/) as string,
      })
    }
    const events = new Set(facts.map(({ event }) => event))
    const before = ['content-decision', 'complaint', 'tuning-read', 'tuning-label', 'tuning-dismiss', 'tuning-set']
    expect([...before, 'tuning-proposal'].filter((event) => !events.has(event))).toEqual([])
    expect(facts.filter(({ event }) => event === 'tuning-canary-end')).toHaveLength(1)
    const tried = facts.filter(({ event }) => event === 'tuning-canary-refused')
    const inVain = { rollout, group: 'support', from, to, code: 'forbidden', caller: null, named: null }
    expect(tried).toMatchObject([
      { ...inVain, by: expect.stringMatching(/^cli:/) as string },
      { ...inVain, by: tried[1]?.['caller'], caller: expect.stringMatching(/\w/) as string, named: 'f'.repeat(64) },
    ])
    expect(trail.stdout).not.toContain('It quotes')
  })

  it('is tuned by the commands of the page', async () => {
    const page = readFileSync(join(resolve(import.meta.dirname, '../..'), 'docs/tuning.md'), 'utf8')
    const commands = Array.from(page.matchAll(/^npm run -s sallyport -- (tuning .*)$/gm), ([, words = '']) => words)
    expect(commands.length).toBeGreaterThan(15)
    // Texts of a file are imported in test/contract/tuning-keeper.test.ts.
    const others = commands.filter((each) => !each.startsWith('tuning sets import'))
    expect(others.map(withoutIds).filter((each) => !service.ran.has(each))).toEqual([])
  })
})
