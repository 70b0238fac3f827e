import { expect, it } from 'vitest'
import { formatOutput } from '../../../../src/sandbox/detection/format-output.ts'

it('puts values in once, and says where there is none', () => {
  const values = { 'proc.name': '%fd.name', 'fd.name': '/etc/shadow' }
  expect(formatOutput('%proc.name opens %fd.name (%*proc.exepath), 100%', values)).toBe(
    '%fd.name opens /etc/shadow (<NA>), 100%',
  )
  expect(formatOutput('%to.string', {})).toBe('<NA>')
})
