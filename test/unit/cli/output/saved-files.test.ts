import { describe, expect, it } from 'vitest'
import { safeName } from '../../../../src/cli/output/saved-files.ts'

describe('W11: the name of a saved chart or file', () => {
  it.each([
    ['plot.svg', 'image/png', 'plot.png'],
    ['../../.ssh/authorized_keys', 'image/png', 'ssh-authorized_keys.png'],
    ['/etc/cron.d/x', 'image/jpeg', 'etc-cron-d-x.jpg'],
    ['', 'image/png', 'chart.png'],
    ['clean.csv', 'text/csv', 'clean.csv'],
    ['out/report.xlsx', 'application/octet-stream', 'out/report.xlsx'],
    ['отчёт 1.csv', 'text/csv', 'отчёт 1.csv'],
    ['../../etc/cron.d/x', 'text/plain', 'etc/cron.d/x'],
    ['/root/.bashrc', 'text/plain', 'root/bashrc'],
    ['..\\..\\a.txt', 'text/plain', 'a.txt'],
    ['a\u202efdp.exe', 'application/octet-stream', 'a_fdp.exe'],
    ['line\nbreak\u0000.csv', 'text/csv', 'line_break_.csv'],
    ['nul.txt', 'text/plain', '_nul.txt'],
    ['-rf', 'text/plain', 'rf'],
    ['...', 'text/plain', 'file'],
    [`${'a'.repeat(300)}.csv`, 'text/csv', `${'a'.repeat(96)}.csv`],
  ])('made from %j as %s is %s', (name, mediaType, safe) => {
    expect(safeName(name, mediaType)).toBe(safe)
  })
})
