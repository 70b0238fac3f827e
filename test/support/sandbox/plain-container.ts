import { buffer } from 'node:stream/consumers'
import { PassThrough } from 'node:stream'
import Docker from 'dockerode'
import { dockerSocket, sandboxImage } from './docker-sandbox.ts'
import { users } from '../../../src/sandbox/isolation.ts'

/**
 * What a command of the sandbox image prints under runc, that is on the host's own kernel: the reference that gVisor is
 * held to. For benign programs only; without network all the same. Rejects when it does not end with status 0.
 */
export async function runPlainly(command: readonly string[], input: string): Promise<string> {
  const docker = new Docker({ socketPath: dockerSocket })
  const container = await docker.createContainer({
    Image: sandboxImage(),
    Entrypoint: [...command],
    Cmd: [],
    User: `${users.code}:${users.code}`,
    WorkingDir: '/tmp',
    Env: ['PATH=/usr/local/bin:/usr/bin:/bin', 'HOME=/tmp', 'LANG=C.UTF-8', 'MPLBACKEND=Agg', 'MPLCONFIGDIR=/tmp'],
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    HostConfig: {
      Runtime: 'runc',
      NetworkMode: 'none',
      ReadonlyRootfs: true,
      Tmpfs: { '/tmp': 'rw,nosuid,nodev,size=256m,mode=1777' },
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges:true'],
      Memory: 2 * 1024 ** 3,
      PidsLimit: 256,
    },
  })
  try {
    const stream = await container.attach({ stream: true, stdin: true, stdout: true, stderr: true, hijack: true })
    const [out, error] = [new PassThrough(), new PassThrough()]
    docker.modem.demuxStream(stream, out, error)
    stream.on('end', () => {
      out.end()
      error.end()
    })
    await container.start()
    stream.end(input)
    const [text, complaint] = await Promise.all([buffer(out), buffer(error)])
    const { StatusCode: status } = (await container.wait()) as { StatusCode: number }
    if (status !== 0) throw new Error(`the reference ended with status ${status}: ${complaint.toString().slice(-1000)}`)
    return text.toString()
  } finally {
    await container.remove({ force: true, v: true })
  }
}
