import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { StatusLine } from '../../../../src/cli/output/status-line.ts'
import { createOutput } from '../../../../src/cli/terminal.ts'

function open(isTerminal = true) {
  let clock = 0
  const stream = Object.assign(new PassThrough(), { columns: 40 })
  const status = new StatusLine({ stream, isTerminal, now: () => clock })
  const output = createOutput(stream, { isTerminal, colour: false, status })
  const written = (): string => (stream.read() as Buffer | null)?.toString() ?? ''
  const pass = (milliseconds: number): string => {
    clock += milliseconds
    status.tick()
    return written()
  }
  return { status, output, written, pass }
}

const erase = '\r\u001b[2K'

describe('the line that says what is waited for', () => {
  it('is not shown for what is over within 300 ms', () => {
    const { status, pass, written } = open()
    const activity = status.begin('starting a sandbox')
    expect(pass(299)).toBe('')
    activity[Symbol.dispose]()
    expect(pass(100)).toBe('')
    expect(written()).toBe('')
  })

  it('says what it is and for how long, and moves', () => {
    const { status, pass } = open()
    using _ = status.begin('starting a sandbox')
    const [first, second] = [pass(400), pass(1_000)]
    expect(first).toBe(`${erase}⠙ starting a sandbox … 400 ms`)
    expect(second).toBe(`${erase}⠹ starting a sandbox … 1.4 s`)
  })

  it('shows the latest of several, and the one around it again after that', () => {
    const { status, pass } = open()
    using _ = status.begin('running x.py')
    const inner = status.begin('starting a sandbox')
    expect(pass(500)).toContain('starting a sandbox')
    inner[Symbol.dispose]()
    expect(pass(100)).toContain('running x.py')
  })

  it('makes room for what is written, and comes back only where a line begins', () => {
    const { status, output, written, pass } = open()
    using _ = status.begin('the model is writing')
    pass(500)
    output.write('The answer')
    expect(written()).toBe(`${erase}The answer`)
    expect(pass(500)).toBe('')
    output.write(' is 42.\n')
    expect(written()).toBe(' is 42.\n')
    expect(pass(500)).toContain('the model is writing')
  })

  it('takes a style that ends after a line break for no text on the next line', () => {
    const { status, output, written, pass } = open()
    using _ = status.begin('the model is thinking')
    output.write('\u001b[2mdim\n\u001b[22m')
    written()
    expect(pass(500)).toContain('the model is thinking')
  })

  it('leaves nothing behind', () => {
    const { status, written, pass } = open()
    const activity = status.begin('x')
    pass(500)
    activity[Symbol.dispose]()
    expect(written()).toBe(erase)
  })

  it('fits one line and holds nothing that drives the terminal, whatever a model called its tool', () => {
    const { status, pass } = open()
    using _ = status.begin(`a\u001b]0;x\u0007\n${'long '.repeat(30)}`)
    const line = pass(500).slice(erase.length)
    expect(line).toHaveLength(39)
    // oxlint-disable-next-line no-control-regex -- what must not be there
    expect(line).not.toMatch(/[\u0000-\u001f]/)
  })

  it('writes nothing where there is no terminal', () => {
    const { status, pass } = open(false)
    using _ = status.begin('x')
    expect(pass(1_000)).toBe('')
  })
})
