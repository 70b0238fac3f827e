import { describe, expect, it } from 'vitest'
import { ServiceError } from '../../../../src/core/errors.ts'
import type { TuningKeeper } from '../../../../src/service/tuning-keeper.ts'
import { createFakeSallyport, runCommand } from '../../../support/cli/fake-sallyport.ts'
import {
  exampleComplaint,
  exampleDecision,
  exampleDigest,
  exampleLabel,
  examplePlace,
  exampleProposal,
  exampleRollout,
  exampleSeen,
} from '../../../support/feedback/operator-examples.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { verifies } from '../../../support/verifies.ts'

const workingDirectory = temporaryFolder('tuning-command-')

const run = (words: readonly string[], tuning: Partial<TuningKeeper> = {}, input?: string) => {
  const { sallyport, openers } = createFakeSallyport({ tuning })
  const given = { sallyport, openers, workingDirectory, ...(input === undefined ? {} : { input }) }
  return runCommand(['tuning', ...words], given)
}

/** A method that answers, with what it was asked. */
function recorder<Answer>(answer: Answer) {
  const asked: unknown[][] = []
  const method = async (...given: unknown[]): Promise<Answer> => {
    asked.push(given.filter((each) => !(each instanceof AbortSignal)))
    return answer
  }
  return { asked, method }
}

const here = { by: 'local', caller: null }
const receipt = { id: 'prp_1', principal: 'key_b', receipt: 'prc_1', fault: 'missed', made: exampleLabel.made } as const

describe('tuning queue', () => {
  const items = [
    { kind: 'appeal', complaint: exampleComplaint },
    { kind: 'receipt', report: receipt },
    { kind: 'audit', decision: exampleDecision },
  ] as const

  it('lists complaints, reports and drawn decisions, and nothing of them drives a terminal', async () => {
    const { asked, method } = recorder({ items, left: 1_201 })
    const words = ['queue', 'list', '--group', 'support', '--rule', 'toxicity', '--most', '5', '--seed', '7']
    const { stdout, stderr } = await run(words, { queue: method })
    expect(stdout).toBe(
      [
        'cmp_1  2026-11-30T12:00:00.000Z  appeal  harmless  support  key_ann\u{fffd}[2J  dec-1\n',
        'prp_1  2026-11-30T12:00:00.000Z  receipt  missed  key_b  prc_1\n',
        'dec-1  2026-11-30T12:00:00.000Z  audit  withheld  support  0.620 of 0.5\n',
      ].join(''),
    )
    expect(stderr).toBe('1,201 more wait behind these (--most).\n')
    const filter = { kind: null, group: 'support', direction: 'outbound', rule: 'toxicity', state: 'waiting' }
    expect(asked).toEqual([[{ ...filter, most: 5, seed: 7 }]])
    expect((await run(['queue', 'list'], { queue: recorder({ items: [], left: 0 }).method })).stdout).toBe(
      'Nothing waits.\n',
    )
  })

  it('is a document for programs, without the conversation of a decision', async () => {
    const { stdout } = await run(['queue', 'list', '--output', 'json'], { queue: recorder({ items, left: 0 }).method })
    expect(JSON.parse(stdout)).toMatchObject({
      items: [
        { kind: 'appeal', complaint: { id: 'cmp_1' } },
        { report: receipt },
        { decision: { tuning_revision: 0 } },
      ],
      left: 0,
    })
    expect(stdout).not.toContain('conv_secret')
  })

  it('opens one, and prints texts where they are asked for alone', async () => {
    verifies('tuning.queue')
    const opened = {
      item: items[0],
      decision: exampleDecision,
      comment: 'It was a\nquotation\u001b[2J',
      text: null,
      labels: [exampleLabel],
    }
    const { asked, method } = recorder(opened)
    const shown = await run(['queue', 'show', 'cmp_1', '--show-values'], { open: method })
    expect(shown.stdout).toContain('comment  It was a\n         quotation\u{fffd}[2J\ntext     none is kept\n')
    expect(shown.stdout).toContain('toxicity 0.620 of 0.5: block\n')
    expect(shown.stdout).toContain(
      'label    toxicity harmless, cli:bob, 2026-11-30T12:00:00.000Z: a quotation\u{fffd}[2J\n',
    )
    const hidden = await run(['queue', 'show', 'cmp_1'], { open: recorder({ ...opened, comment: null }).method })
    expect(hidden.stdout).toContain('texts    --show-values prints what there is\n')
    expect(asked).toEqual([['cmp_1', { values: true }, here]])
  })
})

describe('tuning label and dismiss', () => {
  it('hand on who says what, and why', async () => {
    const { asked, method } = recorder(exampleLabel)
    const words = ['label', 'cmp_1', 'toxicity', 'harmless', '--why', 'a quotation', '--by', 'key_bob']
    expect((await run(words, { label: method })).stdout).toBe('lbl_1  dec-1 is harmless by toxicity.\n')
    const request = { item: 'cmp_1', rule: 'toxicity', truth: 'harmless', why: 'a quotation', decision: null }
    expect(asked).toEqual([[request, { by: 'local', caller: 'key_bob' }]])
    const dismissed = recorder(undefined)
    expect((await run(['dismiss', 'cmp_1', '--why', 'noise'], { dismiss: dismissed.method })).stdout).toBe(
      'Dismissed cmp_1.\n',
    )
    expect(dismissed.asked).toEqual([['cmp_1', 'noise', here]])
  })

  it.each([
    [['label', 'cmp_1', 'toxicity', 'harmless'], "required option '--why"],
    [['label', 'cmp_1', 'toxicity', 'fine', '--why', 'x'], 'Allowed choices are harmful, harmless, unsure'],
    [['propose', 'november'], 'name either --false-positive-rate, or both'],
    [['propose', 'november', '--cost-miss', '3'], 'name either --false-positive-rate, or both'],
    [['propose', 'November', '--false-positive-rate', '0.01'], 'NAME@VERSION'],
    [['propose', 'november', '--false-positive-rate', '2'], 'It must be from 0 to 1'],
    [['propose', 'november', '--false-positive-rate', '0.01', '--confidence', '0.5'], 'one of 0.8, 0.9, 0.95, 0.99'],
    [['simulate'], 'name either a proposal, or both'],
    [['simulate', 'tpr_1', '--threshold', '0.5'], 'name either a proposal, or both'],
    [['sets', 'make', 'november', 'support/toxicity'], 'GROUP/outbound/RULE'],
    [['sets', 'make', 'november@2', 'support/outbound/toxicity'], 'Leave the version out'],
    [['canary', 'rol_1', '--why', 'x'], "required option '--share"],
    [['promote', 'rol_1', '--why', 'x', '--digest', 'abc'], '64 digits'],
    [['queue', 'list', '--kind', 'none'], 'Allowed choices are appeal, thumb, audit, receipt'],
  ])('%j is refused before anything is opened', async (words, told) => {
    const { exitCode, stderr } = await run(words)
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(told) as string })
  })
})

describe('tuning sets, propose and simulate', () => {
  const facts = {
    name: 'november',
    version: 2,
    place: examplePlace,
    digest: exampleDigest,
    size: 24,
    made: exampleLabel.made,
    by: 'cli:bob',
  }

  it('make a set of a place and of days, or of texts', async () => {
    const { asked, method } = recorder(facts)
    const place = 'support/outbound/toxicity'
    const made = await run(['sets', 'make', 'november', place, '--since', '2026-11-01'], { makeSet: method })
    expect(made.stdout).toBe(
      `november@2  ${place}  24 labels  2026-11-30T12:00:00.000Z  cli:bob\n         ${exampleDigest}\n`,
    )
    const since = '2026-11-01T00:00:00.000Z'
    expect(asked).toEqual([[{ name: 'november', place: examplePlace, since, until: null }, here]])
    const imported = recorder(facts)
    const lines = '{"text":"one","labels":["toxicity"]}\n{"text":"two","labels":[]}\n'
    await run(['sets', 'import', 'november', place], { importSet: imported.method }, lines)
    const texts = [
      { text: 'one', labels: ['toxicity'] },
      { text: 'two', labels: [] },
    ]
    expect(imported.asked).toEqual([[{ name: 'november', place: examplePlace, texts }, here]])
    const broken = await run(['sets', 'import', 'november', place], { importSet: imported.method }, '{"text":1}\n')
    expect(broken).toMatchObject({ exitCode: 2, stdout: '' })
    expect(imported.asked).toHaveLength(1)
  })

  it('propose by a rate or by costs, and name the set by its digest', async () => {
    const { asked, method } = recorder(exampleProposal)
    const { stdout } = await run(['propose', 'november@2', '--false-positive-rate', '0.01'], { propose: method })
    expect(stdout).toContain('tpr_1  support/outbound/toxicity  0.5 → 0.7\n')
    expect(stdout).toContain(`set      november@2  ${exampleDigest}\n`)
    expect(stdout).toMatch(/^interval\n {2}low +0\.65\n {2}high +0\.72\nheld by +not known\n/m)
    const costs = ['--cost-false-block', '1', '--cost-miss', '5', '--output', 'json']
    const json = await run(['propose', 'november', ...costs], { propose: method })
    expect(JSON.parse(json.stdout)).toMatchObject({ id: 'tpr_1', figures: { interval: { low: 0.65, high: 0.72 } } })
    const times = { set: 'november', since: null, until: null }
    expect(asked).toEqual([
      [{ ...times, version: 2, aim: { kind: 'false-positive-rate', most: 0.01 } }, here],
      [{ ...times, version: null, aim: { kind: 'costs', falseBlock: 1, miss: 5 } }, here],
    ])
  })

  it('simulate a proposal, or a threshold of a place', async () => {
    const answer = { place: examplePlace, from: 0.5, to: 0.7, figures: { decisions: 1_234, days: [] } }
    const { asked, method } = recorder(answer)
    const { stdout } = await run(['simulate', 'tpr_1'], { simulate: method })
    expect(stdout).toMatch(/^support\/outbound\/toxicity {2}0\.5 → 0\.7\ndecisions +1,234\ndays +\[\]\n$/)
    await run(['simulate', '--place', 'support/outbound/toxicity', '--threshold', '0.7'], { simulate: method })
    const times = { since: null, until: null }
    expect(asked).toEqual([
      [{ of: { proposal: 'tpr_1' }, ...times }],
      [{ of: { place: examplePlace, threshold: 0.7 }, ...times }],
    ])
  })
})

describe('tuning steps', () => {
  it('hand on the rollout, why, by whom and on what data', async () => {
    const { asked, method } = recorder(exampleRollout)
    const keeper = { shadow: method, canary: method, promote: method, rollback: method, stop: method }
    const line = 'rol_1  support/outbound/toxicity  0.5 → 0.7  canary of 0.1\n'
    expect((await run(['shadow', 'tpr_1', '--why', 'w', '--most-acted-ratio', '2'], keeper)).stdout).toBe(line)
    const named = ['--why', 'w', '--by', 'key_bob', '--digest', exampleDigest]
    await run(['canary', 'rol_1', '--share', '0.1', ...named], keeper)
    await run(['promote', 'rol_1', ...named], keeper)
    await run(['rollback', 'rol_1', '--why', 'w'], keeper)
    const { stdout } = await run(['stop', 'rol_1', '--why', 'w', '--output', 'json'], keeper)
    const bob = { by: 'local', caller: 'key_bob' }
    const plain = { rollout: 'rol_1', why: 'w', digest: null }
    expect(asked).toEqual([
      [{ proposal: 'tpr_1', why: 'w', bounds: { mostActedRatio: 2 } }, here],
      [{ ...plain, digest: exampleDigest, share: 0.1 }, bob],
      [{ ...plain, digest: exampleDigest }, bob],
      [plain, here],
      [plain, here],
    ])
    expect(JSON.parse(stdout)).toMatchObject({ id: 'rol_1', stage: 'canary', bounds: { most_acted_ratio: 1.5 } })
    expect(stdout).not.toContain('a-secret-salt')
  })

  it('end with the code of what was wrong, and its advice', async () => {
    const promote: TuningKeeper['promote'] = async () => {
      throw new ServiceError('conflict', 'Another one runs.', { advice: 'Wait for it.' })
    }
    const { exitCode, stdout, stderr } = await run(['promote', 'rol_1', '--why', 'w', '--output', 'json'], { promote })
    expect({ exitCode, ...(JSON.parse(stdout) as object) }).toMatchObject({ exitCode: 1, error: { code: 'conflict' } })
    expect(stderr).toContain('Wait for it.')
  })
})

describe('tuning show and history', () => {
  it('tell what is in force, what is on its way, and what was counted', async () => {
    const state = {
      revision: 3,
      thresholds: [{ place: examplePlace, threshold: 0.7, rollout: 'rol_1' }],
      rollouts: [exampleRollout],
    }
    const { stdout } = await run(['show'], { state: recorder(state).method })
    expect(stdout).toBe(
      'support/outbound/toxicity  0.7  by rol_1\nrol_1  support/outbound/toxicity  0.5 → 0.7  canary of 0.1\n',
    )
    const none = { revision: 0, thresholds: [], rollouts: [] }
    expect((await run(['show'], { state: recorder(none).method })).stdout).toContain('Every threshold is that of')
    const seen = await run(['show', 'rol_1'], { rollout: recorder(exampleSeen).method })
    expect(seen.stdout).toContain('  shadow control: 400 requests, acted on 40 → 30 (only before 10, only after 0)')
    const json = await run(['show', 'rol_1', '--output', 'json'], { rollout: recorder(exampleSeen).method })
    expect(JSON.parse(json.stdout)).toMatchObject({ counts: [{ acted_before: 40, only_before: 10 }] })
    expect(json.stdout).not.toContain('a-secret-salt')
  })

  it('tell who, when, why and by which data', async () => {
    const { asked, method } = recorder([{ rollout: exampleRollout, proposal: exampleProposal }])
    const { stdout } = await run(['history', 'support/outbound/toxicity'], { history: method })
    expect(stdout).toContain('  2026-11-30T12:00:00.000Z  canary  cli:bob: as expected\n')
    expect(stdout).toContain(`by cli:bob, of november@2 ${exampleDigest}\n`)
    expect(asked).toEqual([[examplePlace]])
    expect((await run(['history'], { history: recorder([]).method })).stdout).toBe(
      'No threshold was ever on its way.\n',
    )
  })

  it('print a report of a week as Markdown, or its figures', async () => {
    const report = { figures: { rows: [] }, markdown: '# Week\n' }
    const { asked, method } = recorder(report)
    expect((await run(['report'], { report: method })).stdout).toBe('# Week\n')
    const week = { group: null, since: null, until: null }
    expect(asked).toEqual([[{ ...week, cost: null }]])
    await run(['report', '--cost-false-block', '2', '--unit', 'EUR'], { report: method })
    expect(asked.at(-1)).toEqual([{ ...week, cost: { falseBlock: 2, unit: 'EUR' } }])
    expect(JSON.parse((await run(['report', '--output', 'json'], { report: method })).stdout)).toEqual({ rows: [] })
  })
})
