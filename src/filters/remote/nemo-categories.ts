/** What a rail of NeMo Guardrails did to a text, where its name says nothing more exact. */
export const nemoDefaults = { blocked: 'guard/blocked', changed: 'guard/changed' } as const
