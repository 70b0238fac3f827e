import { z } from 'zod'
import type { Vetted } from '../core/vetted.ts'
import { describeSandbox } from '../sandbox/describe-sandbox.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { SandboxTime } from '../sandbox/sandbox-time.ts'
import type { Validator } from '../validators/validator.ts'
import { cellPictures, isPicturePath, type PictureNames } from './cell-artifacts.ts'
import { answerFileLimits, cellFiles } from './cell-files.ts'
import type { CellResult } from '../core/result.ts'
import type { PutBack } from '../sessions/put-back-files.ts'
import { describeCell, summarizeCell } from './describe-cell.ts'
import { describeLost, lostToPeople, type LostCells } from './describe-lost.ts'
import { vet, type Permit } from './permit.ts'
import { refusedForTime } from './refused-for-time.ts'
import type { Tool } from './tool.ts'

export interface RunPythonSettings {
  readonly permit: Permit
  readonly validator: Validator<'python'>
  /** Has the session claim its sandbox and put its files in place; resolves when both is done. */
  readonly claim: (signal: AbortSignal) => Promise<unknown>
  /** The session's sandbox for a program, with its files in place; claimed at first use, and anew where one was lost. */
  readonly sandbox: (text: string, signal: AbortSignal) => Promise<ReadySandbox>
  readonly timeoutMilliseconds: number
  readonly time: SandboxTime
  readonly pictureNames: PictureNames
  /** Gives files of the person's their own content again after a program. */
  readonly putBack: (cell: CellResult, signal: AbortSignal) => Promise<readonly PutBack[]>
}

interface ReadySandbox extends LostCells {
  readonly sandbox: Sandbox
}

const input = z.strictObject({
  code: z
    .string()
    .min(1)
    .describe('Python source. The value of its last expression is returned, figures are shown to the user.'),
})

/** Runs validated Python in the session's sandbox. Variables live on from call to call. */
export function createRunPython(settings: RunPythonSettings): Tool<z.infer<typeof input>> {
  /** A claim that is under way for a call that is being written. */
  let claiming: Promise<unknown> | null = null
  return {
    name: 'run_python',
    description:
      'Runs Python 3 with numpy, pandas, polars, pyarrow, duckdb, matplotlib, seaborn, scipy, scikit-learn, statsmodels, pillow, openpyxl, xlsxwriter, tabulate, tqdm, lxml, beautifulsoup4 and jinja2; nothing else can be installed. There is no network and nobody to ask: input() fails. Variables persist between calls; files are in /mnt/data, and files saved there are given to the user. Print what you need to see; draw charts with matplotlib; display(value) and IPython.display show more than one value.',
    input,
    // Calls share one interpreter, so each may need what the one before left.
    independent: false,
    source: ({ code }) => ({ language: 'python', text: code }),
    ahead(signal) {
      if (claiming !== null || settings.time.isUsedUp) return
      const claim = settings.claim(signal).finally(() => (claiming = null))
      // The call asks again, and is told what is in its way then.
      claim.catch(() => undefined)
      claiming = claim
    },
    async execute({ code }, signal, onChanged) {
      if (settings.time.isUsedUp) return refusedForTime
      const { validator, permit } = settings
      const action = ({ text }: Vetted<'python'>) =>
        ({ tool: 'run_python', language: 'python', tables: [], columns: [], text }) as const
      const verdict = await vet(code, { validator, permit, onChanged, action }, signal)
      if (verdict.kind === 'refused') return verdict
      // Its fault is that of the call which it is for: asked again, that would wait for as long once more.
      await claiming
      const { sandbox, ...lost } = await settings.sandbox(verdict.value.text, signal)
      const run = (timeoutMilliseconds: number) => sandbox.run(verdict.value, { timeoutMilliseconds }, signal)
      const ran = await settings.time.run({ wanted: settings.timeoutMilliseconds, run }, signal)
      if (ran === null) return refusedForTime
      const back = ran.sessionAlive ? await settings.putBack(ran, signal) : []
      const cell = withOtherNames(ran, back)
      const shown = await cellPictures(cell, sandbox, { names: settings.pictureNames, signal })
      const made = await cellFiles(cell, sandbox, { limits: answerFileLimits, isLeftOut: isPicturePath, signal })
      const missing = [...shown.missing, ...made.missing]
      return {
        kind: 'result',
        forModel: [...describeLost(lost), ...describePutBack(back), describeCell(cell, { ...shown, missing })].join(
          '\n',
        ),
        summary: `${summarizeCell(cell, { missing })}${summarizePutBack(back)}${lost.renewed === null ? '' : lostToPeople}`,
        ranIn: describeSandbox(sandbox),
        cell,
        ...(back.length === 0 ? {} : { putBack: back.length }),
        table: cell.results.findLast((item) => item.data !== undefined)?.data ?? null,
        artifacts: [...shown.pictures, ...made.files],
      }
    },
  }
}

/** What a program has made of a file that was put back is another file. */
function withOtherNames(cell: CellResult, back: readonly PutBack[]): CellResult {
  if (back.length === 0) return cell
  const names = new Map(back.map(({ path, changedTo }) => [path, changedTo]))
  const artifacts = cell.artifacts.map(({ path, bytes }) => ({ path: names.get(path) ?? path, bytes }))
  return { ...cell, artifacts }
}

function describePutBack(back: readonly PutBack[]): readonly string[] {
  return back.map(({ path, changedTo }) => {
    const beside = changedTo === null ? '' : ` What your program has written is ${changedTo} now.`
    return `/mnt/data/${path} was put back as the user gave it, since nothing that they wrote asks to change it.${beside} Write to a new name, or ask them.`
  })
}

function summarizePutBack(back: readonly PutBack[]): string {
  if (back.length === 0) return ''
  const names = back.map(({ path }) => path).join(', ')
  return `; ${names} ${back.length === 1 ? 'was' : 'were'} put back as given, since nobody asked to change ${back.length === 1 ? 'it' : 'them'}`
}
