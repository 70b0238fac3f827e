import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { e2bBlock } from '../support/e2b/client-blocks.ts'
import { ProgramsService } from '../support/surfaces/programs-service.ts'
import { pythonEnvironment } from '../support/python/python-environment.ts'
import { verifies } from '../support/verifies.ts'

const folder = join(import.meta.dirname, '../support/e2b')
const client = pythonEnvironment('e2b', join(folder, 'python-e2b.txt'))
const python = typeof client === 'string' ? null : client.python

describe.skipIf(python === null)(
  `e2b-code-interpreter, unmodified${typeof client === 'string' ? `, which is not here: ${client}` : ''}`,
  () => {
    it('runs programs, draws, keeps files, runs commands, and says what there is not', async () => {
      verifies('e2b.python')
      await using service = await ProgramsService.start()
      const env = { ...service.variablesOfE2b(service.served.key), PYTHONIOENCODING: 'utf-8' }
      const { stdout } = await promisify(execFile)(python ?? '', ['-I', '-B', join(folder, 'python_e2b.py')], { env })
      expect(JSON.parse(stdout)).toEqual({
        first: ['42', 'Zoë 🙂\n'],
        charts: [
          ['LineChart', true],
          ['BarChart', true],
          ['BoxAndWhiskerChart', true],
        ],
        error: ['ZeroDivisionError', true, 1],
        table: { a: [1, 2] },
        languages: ['2', ['hi\n']],
        csv: [true, '370000', true],
        listed: [
          ['/mnt/data/a/1', 1],
          ['/mnt/data/a/2', 2],
        ],
        folders: [true, false, '/mnt/data/c'],
        exists: [false, true],
        missing: 'FileNotFoundException',
        outside: 'InvalidArgumentException',
        command: ["it's in /mnt/data/b\n", 0],
        status: 'CommandExitException',
        background: [1, true, false],
        contexts: ['7', '41'],
        again: '41',
        info: [{ of: 'python & more' }, true],
        pages: [true],
        late: 'TimeoutException',
        kept: '41',
        'no network': expect.stringContaining('a sandbox has no network'),
        'no key': 'AuthenticationException',
        killed: [true, false, false],
        gone: ['TimeoutException', 'SandboxNotRunningException', 'SandboxNotRunningException'],
        async: ['5', 'q\n'],
        cut: true,
      })
      const page = await promisify(execFile)(python ?? '', ['-I', '-B', '-c', e2bBlock('python')], { env })
      expect(page.stdout).toBe('8\n3\n')
      expect(service.facts('execution').map(({ language }) => language)).toEqual(
        expect.arrayContaining(['python', 'javascript', 'shell']),
      )
    })
  },
)
