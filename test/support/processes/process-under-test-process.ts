import { serve } from '../../../src/processes/serve.ts'
import { statementFailure } from '../../../src/databases/process-faults.ts'

// A child for the tests of KillableProcess: it answers, fails, spins, grows or dies as asked.

const hoard: Buffer[] = []

serve(
  {
    open: async (input) => {
      if (input === 'broken') throw new Error('broken on purpose')
      return null
    },
    echo: async (input) => input,
    ask: async (input, askParent) => [input, await askParent(input)],
    fail: async () => Promise.reject(new Error('failed on purpose')),
    spin: async () => {
      for (;;) hoard.length = 0
    },
    grow: async () => {
      for (;;) {
        hoard.push(Buffer.alloc(16_777_216, 1))
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    },
    die: async () => process.exit(3),
  },
  statementFailure,
)
