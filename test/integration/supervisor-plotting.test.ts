import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { SupervisorHarness, supervisorLimits } from '../support/sandbox/supervisor-harness.ts'
import { ask } from '../../src/sandbox/protocol/inbox.ts'

const never = new AbortController().signal
const isLoaded = "import sys\nprint('matplotlib.pyplot' in sys.modules)"

describe('a worker that was given a cell at once', () => {
  it('has not imported matplotlib', async () => {
    await using supervisor = await SupervisorHarness.start()
    expect((await supervisor.run(isLoaded)).stdout).toBe('False\n')
  })

  it.each([
    ['pyplot', 'import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()'],
    ['pyplot without a word', 'from matplotlib import pyplot\npyplot.plot([1, 2])'],
    ['a figure alone', 'from matplotlib.figure import Figure\nf = Figure()\nf.subplots().plot([1, 2])\nf'],
    ['pandas', 'import pandas as pd\npd.Series([1, 2]).plot()'],
    ['seaborn', 'import seaborn as sns\nsns.lineplot(x=[0, 1], y=[1, 2])'],
    [
      'another backend and folder in the environment',
      `import os
os.environ.update(MPLBACKEND='TkAgg', MPLCONFIGDIR='/mnt/data/own')
import matplotlib.pyplot as plt
plt.plot([1, 2])
assert not os.path.exists('/mnt/data/own') and os.environ['MPLBACKEND'] == 'TkAgg'`,
    ],
    [
      'a file of the name first on the path',
      `import sys
open('/mnt/data/matplotlib.py', 'w').write('raise ValueError')
sys.path.insert(0, '/mnt/data')
import matplotlib.pyplot as plt
plt.plot([1, 2])`,
    ],
  ])('shows a figure drawn by %s', async (_, code) => {
    await using supervisor = await SupervisorHarness.start()
    const { items, done } = await supervisor.run(code)
    expect(done.error).toBeNull()
    expect(items.at(-1)).toMatchObject({ png: expect.any(String), chart: { type: 'line' } })
  })

  it('leaves matplotlib out of what the program may take', async () => {
    await using supervisor = await SupervisorHarness.start({ limits: { memory_mb: 48 } })
    const { items, done } = await supervisor.run('import matplotlib.pyplot as plt\nplt.plot([1, 2])')
    expect([done.error, items.length]).toEqual([null, 1])
  })

  it('imports and hooks it again after an import that was interrupted', async () => {
    await using supervisor = await SupervisorHarness.start()
    for (const after of [0.05, 0.2, 0.4]) {
      // The alarm interrupts the import where it happens to be, or comes after it.
      await supervisor.run(
        `import signal, sys
signal.signal(signal.SIGALRM, lambda *_: signal.raise_signal(signal.SIGINT))
signal.setitimer(signal.ITIMER_REAL, ${after})
try:
    import matplotlib
    signal.pause()
except KeyboardInterrupt:
    pass`,
      )
      const drawn = await supervisor.run(
        'import matplotlib.pyplot as plt, matplotlib\nplt.plot([1, 2])\nplt.savefig("/mnt/data/a.png")',
      )
      expect(drawn.done.error).toBeNull()
      expect(drawn.items).toMatchObject([{ chart: { type: 'line' }, files: ['a.png'] }])
    }
  })
})

describe('a worker that nobody asks for anything', () => {
  it('imports matplotlib by itself', async () => {
    await using supervisor = await SupervisorHarness.start()
    const resident = async () => {
      const answer = await ask(supervisor.connection, { type: 'stats' }, never)
      return answer.type === 'stats' ? answer.resident_bytes : 0
    }
    const before = await resident()
    // matplotlib has some 30 MB.
    while ((await resident()) < before + 15 * 2 ** 20) await sleep(500)
    expect((await supervisor.run(isLoaded)).stdout).toBe('True\n')
  })

  it('has it before it is checkpointed', async () => {
    await using supervisor = await SupervisorHarness.start({ limits: null })
    const { workers } = await supervisor.hello([], supervisorLimits)
    expect(workers[0]?.preimported).toContain('matplotlib')
    expect((await supervisor.run(isLoaded)).stdout).toBe('True\n')
  })
})
