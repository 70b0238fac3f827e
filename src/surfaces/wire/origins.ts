import { z } from 'zod'
import { taints } from '../../core/provenance.ts'

/** Where something came from, in objects of the service. */
export const origins = z
  .array(z.enum(taints))
  .describe(
    'What it was made of: user and operator are trusted; model, tool, row, file and web are what others may have written; unknown is what nobody has followed.',
  )
