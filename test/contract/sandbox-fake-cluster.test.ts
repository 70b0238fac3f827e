import { createSandboxEngine } from '../../src/sandbox/engine/engine.ts'
import { sandboxOptions } from '../../src/sandbox/options.ts'
import { startFakeCluster } from '../support/sandbox/kubernetes-sandbox.ts'
import { describeSandboxContract } from './sandbox-contract.ts'

describeSandboxContract({
  name: 'the Kubernetes driver in a cluster of this process',
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
  start: async () => {
    const { cluster, driver } = await startFakeCluster()
    const engine = createSandboxEngine({ driver, settings: sandboxOptions.parse({}), warm: true })
    const close = engine[Symbol.asyncDispose].bind(engine)
    return Object.assign(engine, {
      [Symbol.asyncDispose]: async () => {
        await close()
        await cluster[Symbol.asyncDispose]()
      },
    })
  },
})
