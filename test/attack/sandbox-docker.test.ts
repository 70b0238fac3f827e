import Docker from 'dockerode'
import { createTestEngine, dockerSocket } from '../support/docker-sandbox.ts'
import { attackSettings, describeAttacks } from './sandbox-attacks.ts'

const docker = new Docker({ socketPath: dockerSocket })

describeAttacks({
  name: 'the Docker driver',
  start: () => createTestEngine({ settings: attackSettings, warm: true }),
  leftovers: async () => {
    const found = await docker.listContainers({ all: true, filters: { label: [`sallyport.owner-pid=${process.pid}`] } })
    return found.map((entry) => entry.Id)
  },
})
