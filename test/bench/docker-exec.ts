import Docker from 'dockerode'
import { createTestEngine, dockerSocket } from '../support/sandbox/docker-sandbox.ts'
import { timed } from './figures.ts'

/** The way without an engine: a process of its own in a container of gVisor that runs already, milliseconds of each. */
export async function execTimes(count: number): Promise<number[]> {
  await using engine = createTestEngine()
  await using sandbox = await engine.claim({ tenant: 'bench', language: 'python' }, new AbortController().signal)
  const container = new Docker({ socketPath: dockerSocket }).getContainer(sandbox.id)
  // Awaited here, before the sandbox goes.
  return await timed(count, async () => {
    const execution = await container.exec({
      Cmd: ['/usr/bin/python3', '-c', '1 + 1'],
      User: '1001:1001',
      AttachStdout: true,
    })
    const stream = await execution.start({ hijack: true })
    for await (const _ of stream) void _
  })
}
