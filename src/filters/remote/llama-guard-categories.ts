interface LlamaGuardCategory {
  readonly title: string
  readonly category: string
}

/** Hazards of Llama Guard 3 and 4 by code, with ours. Source: Meta, model cards and prompt formats of Llama Guard 3 and 4. */
export const llamaGuardCategories: Readonly<Record<string, LlamaGuardCategory>> = {
  S1: { title: 'Violent Crimes', category: 'toxicity/violence' },
  S2: { title: 'Non-Violent Crimes', category: 'guard/crime' },
  S3: { title: 'Sex Crimes', category: 'toxicity/sexual' },
  S4: { title: 'Child Exploitation', category: 'toxicity/sexual' },
  S5: { title: 'Defamation', category: 'guard/defamation' },
  S6: { title: 'Specialized Advice', category: 'guard/specialized-advice' },
  S7: { title: 'Privacy', category: 'guard/privacy' },
  S8: { title: 'Intellectual Property', category: 'guard/intellectual-property' },
  S9: { title: 'Indiscriminate Weapons', category: 'guard/weapons' },
  S10: { title: 'Hate', category: 'toxicity/hate' },
  S11: { title: 'Self-Harm', category: 'toxicity/self-harm' },
  S12: { title: 'Sexual Content', category: 'toxicity/sexual' },
  S13: { title: 'Elections', category: 'guard/elections' },
  S14: { title: 'Code Interpreter Abuse', category: 'guard/code-abuse' },
}

export const llamaGuardCodes = Object.keys(llamaGuardCategories)
