import type { AuditEntry } from '../../../api/generated/operators.ts'
import { Said } from '../../../components/said.tsx'
import { factLine } from './facts.ts'

/** Columns that every table of lines of the trail has: who it was, and what the line says. */
export const lineColumns = {
  caller: {
    title: 'Caller',
    cell: (entry: AuditEntry) => (
      <div class="record-id">
        <Said>{factLine(entry).principal ?? '–'}</Said>
      </div>
    ),
  },
  said: {
    title: 'What it says',
    cell: (entry: AuditEntry) => (
      <div class="record-said">
        <Said>{factLine(entry).said}</Said>
      </div>
    ),
  },
} as const
