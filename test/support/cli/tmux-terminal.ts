import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { temporaryFolder } from '../temporary-folder.ts'
import { sallyportProgram } from './sallyport-process.ts'

/** Why there is no tmux here; null where there is one. */
export const noTmux = spawnSync('tmux', ['-V']).error === undefined ? null : 'tmux is not installed'
if (noTmux !== null) process.stderr.write(`SKIPPED: conversations on a terminal of tmux, ${noTmux}\n`)

interface TmuxOptions {
  readonly environment: Readonly<Record<string, string>>
  readonly columns?: number
  readonly lines?: number
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** The command line on a terminal of tmux's, with a person's keys: what stands on its screen is what a person would see. */
export class TmuxTerminal implements Disposable {
  readonly #socket: string

  private constructor(socket: string) {
    this.#socket = socket
  }

  static start(words: readonly string[], { environment, columns = 60, lines = 50 }: TmuxOptions): TmuxTerminal {
    const folder = temporaryFolder('sallyport-tmux-')
    const terminal = new TmuxTerminal(join(folder, 'socket'))
    const { command, args } = sallyportProgram(words)
    const script = join(folder, 'run.sh')
    const line = [command, ...args].map(quoted).join(' ')
    // What is printed behind it says that it is over, and how.
    writeFileSync(script, `cd ${quoted(folder)}\n${line}\necho "ended with $?"\nexec sleep 600\n`)
    const size = ['-x', String(columns), '-y', String(lines)]
    const started = spawnSync(
      'tmux',
      ['-S', terminal.#socket, '-f', '/dev/null', 'new-session', '-d', ...size, `sh ${quoted(script)}`],
      { env: { ...environment, TERM: 'xterm-256color', LC_ALL: 'C.UTF-8' }, encoding: 'utf8' },
    )
    if (started.status !== 0) throw new Error(`tmux: ${started.stderr}`)
    terminal.#tmux('set-option', '-g', 'history-limit', '5000')
    return terminal
  }

  /** Types a text, and Enter behind it. */
  type(text: string): void {
    this.#tmux('send-keys', '-l', text)
    this.press('Enter')
  }

  /** Presses keys by their names in tmux: `Up`, `C-c`. */
  press(...keys: readonly string[]): void {
    this.#tmux('send-keys', ...keys)
  }

  /** All that was shown since it began, as lines; `styled` keeps the escape sequences. */
  shown({ styled = false } = {}): string {
    return this.#tmux('capture-pane', '-p', '-J', '-S', '-', ...(styled ? ['-e'] : [])).replaceAll(/[ \n]+$/gm, '')
  }

  /** The lines as they stand on the screen, broken where the terminal broke them. */
  lines(): readonly string[] {
    return this.#tmux('capture-pane', '-p', '-S', '-').split('\n')
  }

  /** Rejects with what is shown instead, after so many seconds. */
  async waitFor(text: string | RegExp, seconds = 60): Promise<void> {
    const until = performance.now() + seconds * 1_000
    // Each look is a process: what is not there soon is looked for less often.
    for (let pause = 50; ; pause = Math.min(pause * 1.4, 500)) {
      const shown = this.shown()
      if (typeof text === 'string' ? shown.includes(text) : text.test(shown)) return
      if (performance.now() > until) throw new Error(`the terminal never showed ${String(text)}, but:\n${shown}`)
      await sleep(pause)
    }
  }

  [Symbol.dispose](): void {
    spawnSync('tmux', ['-S', this.#socket, 'kill-server'])
  }

  #tmux(...words: readonly string[]): string {
    const { status, stdout, stderr } = spawnSync('tmux', ['-S', this.#socket, ...words], { encoding: 'utf8' })
    if (status !== 0) throw new Error(`tmux ${words[0]}: ${stderr}`)
    return stdout
  }
}
