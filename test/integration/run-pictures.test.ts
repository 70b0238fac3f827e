import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OperableSandboxEngine } from '../../src/sandbox/engine/engine.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { cellPictures } from '../../src/tools/cell-artifacts.ts'
import { unvetted } from '../contract/sandbox-contract.ts'
import { createTestEngine } from '../support/sandbox/docker-sandbox.ts'

const signal = new AbortController().signal
const noise = 'np.random.default_rng(0).random((1600, 1600, 3))'

/** Patient: what a run shows of what it drew is the claim, not how soon a busy machine draws it. */
const settings = { interrupt_ms: 10_000, kill_ms: 4_000, pool: { minimum_ready: 0 } }

let engine: OperableSandboxEngine
let sandbox: Sandbox
beforeAll(async () => {
  engine = createTestEngine({ settings })
  sandbox = await engine.claim({ tenant: 'pictures', language: 'python' }, signal)
  await sandbox.run(unvetted('import numpy as np, matplotlib.pyplot as plt', 'python'), {}, signal)
})
afterAll(async () => {
  await sandbox[Symbol.asyncDispose]()
  await engine[Symbol.asyncDispose]()
})

async function picturesOf(code: string) {
  const cell = await sandbox.run(unvetted(code, 'python'), {}, signal)
  let count = 0
  const { pictures, missing } = await cellPictures(cell, sandbox, { names: { next: () => `chart_${++count}` }, signal })
  return { names: pictures.map(({ name }) => name), missing, cell }
}

describe('D14: the pictures of a run', () => {
  it.each([
    ['twelve figures', 'for i in range(12): plt.figure(); plt.plot([i])', 12],
    [
      'a saved and closed figure beside a shown one',
      'plt.plot([1]); plt.savefig("a.png"); plt.close(); plt.plot([2])',
      2,
    ],
    ['a figure that is saved and shown', 'plt.plot([1]); plt.savefig("b.png"); plt.show()', 1],
    ['a figure that is saved, changed and shown', 'plt.plot([1]); plt.savefig("c.png"); plt.title("t"); plt.show()', 2],
    ['a saved picture of noise', `plt.imsave("n.png", ${noise})`, 1],
    ['a shown picture of noise', `plt.figure(figsize=(16, 16)); plt.figimage(${noise}); plt.figtext(0, 0, ".");`, 1],
    ['what was drawn before an error', 'plt.plot([1]); plt.savefig("d.png"); plt.close(); plt.plot([2]); 1 / 0', 2],
  ])('are all there: %s', async (_, code, count) => {
    const { names, missing } = await picturesOf(code)
    expect([names, missing]).toEqual([Array.from({ length: count }, (__, index) => `chart_${index + 1}.png`), []])
  })

  it('are named in a notice where they are missing', async () => {
    const { names, missing } = await picturesOf(`for i in range(4): plt.imsave(f"many{i}.png", ${noise})`)
    expect(names).toHaveLength(3)
    expect(missing).toEqual([
      expect.stringMatching(/^The picture many\d\.png is not shown: the saved pictures of a run/),
    ])
  })
})

describe('P10: the figures of a run that is stopped', () => {
  const drawing = 'import time; kept = 7; plt.plot([1, 2]); plt.figure(); plt.bar(["a"], [1])\n'

  it.each(['while True: pass', 'time.sleep(60)'])('at its limit come with the timeout: %s', async (code) => {
    const cell = await sandbox.run(unvetted(`${drawing}${code}`, 'python'), { timeoutMilliseconds: 3000 }, signal)
    expect([cell.outcome, cell.sessionAlive]).toEqual(['timeout', true])
    expect(cell.results.map(({ chart }) => chart)).toMatchObject([{ type: 'line' }, { type: 'bar' }])
    expect((await sandbox.run(unvetted('kept', 'python'), {}, signal)).results).toMatchObject([{ text: '7' }])
  })

  it('by whoever cancels it are not waited for', async () => {
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 1000)
    const cell = await sandbox.run(unvetted(`${drawing}time.sleep(60)`, 'python'), {}, stop.signal)
    expect([cell.outcome, cell.results]).toEqual(['cancelled', []])
    expect((await sandbox.run(unvetted('1', 'python'), {}, signal)).results).toMatchObject([{ text: '1' }])
  })
})
