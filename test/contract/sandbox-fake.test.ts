import { createSandboxEngine } from '../../src/sandbox/engine/engine.ts'
import { sandboxOptions } from '../../src/sandbox/options.ts'
import { FakeSandboxDriver } from '../support/sandbox/fake-sandbox-driver.ts'
import { describeSandboxContract } from './sandbox-contract.ts'

describeSandboxContract({
  name: 'the fake driver',
  shown: '42',
  programs: {
    print: 'print hello',
    set: 'set answer',
    get: 'get answer',
    raise: 'raise ValueError',
    raiseHalf: 'raise ValueError a\uD800b',
    value: 'display {"text":"42"}',
    sleep: 'sleep 60000',
    spin: 'spin',
    dies: 'die',
    outOfMemory: 'oom',
  },
  start: async () =>
    createSandboxEngine({ driver: new FakeSandboxDriver(), settings: sandboxOptions.parse({}), warm: true }),
})
