export type {
  HistoryEntry,
  OpenedItem,
  QueueItem,
  SetFacts,
  StepRequest,
  TuningKeeper,
  TuningOperator,
} from '../feedback/tuning-keeper.ts'
export type { Aim } from '../feedback/proposals/aim.ts'
