import { expect, it } from 'vitest'
import { containerSettings } from '../../../../../src/sandbox/containers/docker/container-settings.ts'
import { oddLimits as limits } from '../../../../support/sandbox/odd-limits.ts'
import { verifies } from '../../../../support/verifies.ts'

const owner = { installation: 'test', pid: '7' } as never

it('a container of Docker has every wall, and nothing else', () => {
  verifies('security.unprivileged')
  const { Labels: _, ...settings } = containerSettings(
    { id: 'sbx-0123456789abcdef', owner, limits },
    { image: 'image:1', runtime: 'runsc' },
  )
  const mount = 'rw,nosuid,nodev,noexec'
  expect(settings).toEqual({
    name: 'sbx-0123456789abcdef',
    Image: 'image:1',
    Cmd: ['--threads', '1'],
    Hostname: 'sbx-0123456789abcdef',
    User: '1000:1000',
    WorkingDir: '/tmp',
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Tty: false,
    NetworkDisabled: true,
    HostConfig: {
      Runtime: 'runsc',
      NetworkMode: 'none',
      ReadonlyRootfs: true,
      Tmpfs: {
        '/tmp': `${mount},size=2k,mode=1770,uid=1001,gid=1001`,
        '/mnt/data': `${mount},size=5k,mode=2770,uid=1001,gid=1001`,
        '/run/sallyport': `${mount},size=1024k,mode=711,uid=1000,gid=1000`,
        '/dev/shm': `${mount},size=16384k,mode=1777`,
      },
      GroupAdd: ['1001'],
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges:true'],
      Privileged: false,
      Memory: 5_000_000,
      MemorySwap: 5_000_000,
      PidsLimit: 300,
      NanoCpus: 1_500_000_000,
      Ulimits: [
        { Name: 'core', Soft: 0, Hard: 0 },
        { Name: 'nofile', Soft: 40, Hard: 40 },
        { Name: 'fsize', Soft: 50, Hard: 50 },
      ],
      IpcMode: 'none',
      LogConfig: { Type: 'none', Config: {} },
      RestartPolicy: { Name: 'no' },
      AutoRemove: false,
      Init: false,
      OomScoreAdj: 500,
    },
  })
})
