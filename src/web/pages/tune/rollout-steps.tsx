import { useState } from 'preact/hooks'
import { askOperators, type AnswerOf } from '../../api/operators.ts'
import { visibleText } from '../../components/visible-text.ts'
import { Field } from '../../components/field.tsx'
import { WhyForm } from './why-form.tsx'
import { stepsFrom, thresholdText } from './words.ts'

type Rollout = AnswerOf<'GET /admin/v1/tuning/rollouts/{id}'>['rollout']

interface SetOf {
  readonly name: string
  readonly version: number
  readonly digest: string
}

/** What may be done with a rollout now. What is too early, or is not this person's to do, is refused by the service, which says why. */
export function RolloutSteps({
  rollout: { id, from, to, stage, share },
  set,
  onChange,
}: {
  readonly rollout: Rollout
  /** What it rests on; null where it is not kept any more. */
  readonly set: SetOf | null
  readonly onChange: () => void
}) {
  const [percent, setPercent] = useState(String(Math.round((stage === 'canary' ? share : 0.1) * 1_000) / 10))
  const [hasLooked, setLooked] = useState(false)
  const steps = stepsFrom(stage)
  const isLooser = to > from
  const isInForce = stage === 'promoted' || stage === 'settled'
  const loosensBack = isInForce && !isLooser && set !== null
  const asked = isLooser && set !== null && <SetLooked set={set} hasLooked={hasLooked} onLook={setLooked} />
  // A looser threshold is let decide by nobody who has not named the digest of its set.
  const digest = isLooser && hasLooked && set !== null ? { digest: set.digest } : {}
  const of = Number(percent) / 100
  const isShare = of > 0 && of <= 1
  const then = async (work: Promise<unknown>) => {
    await work
    setLooked(false)
    onChange()
  }
  return (
    <div class="tune-actions">
      {steps.includes('canary') && (
        <WhyForm
          of={id}
          verb={stage === 'canary' ? 'Change the share' : 'Let it decide for some'}
          kind="primary"
          about={`${thresholdText(to)} decides for a share of callers, always the same ones; it is rolled back by itself where it leaves its bounds.`}
          isReady={isShare && (!isLooser || hasLooked)}
          onSend={(why) =>
            then(
              askOperators('POST /admin/v1/tuning/rollouts/{id}/canary', { id, body: { share: of, why, ...digest } }),
            )
          }
        >
          <Field label="Share of callers, %" fault={isShare ? null : 'Above 0, and 100 at most.'}>
            {(field) => (
              <input
                {...field}
                inputMode="decimal"
                size={6}
                value={percent}
                onInput={(event) => setPercent(event.currentTarget.value)}
              />
            )}
          </Field>
          {asked}
        </WhyForm>
      )}
      {steps.includes('promotion') && (
        <WhyForm
          of={id}
          verb="Let it decide for all"
          about={`${thresholdText(to)} decides for all callers of the group, and is watched for some days.`}
          isReady={!isLooser || hasLooked}
          onSend={(why) =>
            then(askOperators('POST /admin/v1/tuning/rollouts/{id}/promotion', { id, body: { why, ...digest } }))
          }
        >
          {asked}
        </WhyForm>
      )}
      {steps.includes('rollback') && (
        <WhyForm
          of={id}
          verb="Roll back"
          kind="danger"
          about={`${thresholdText(from)}, which was in force before, decides again.`}
          isReady={!loosensBack || hasLooked}
          onSend={(why) => {
            const named = loosensBack ? { digest: set.digest } : {}
            return then(askOperators('POST /admin/v1/tuning/rollouts/{id}/rollback', { id, body: { why, ...named } }))
          }}
        >
          {loosensBack && <SetLooked set={set} hasLooked={hasLooked} onLook={setLooked} />}
        </WhyForm>
      )}
      {steps.includes('stop') && (
        <WhyForm
          of={id}
          verb="Stop it"
          about="It ends, and what is in force stays."
          onSend={(why) => then(askOperators('POST /admin/v1/tuning/rollouts/{id}/stop', { id, body: { why } }))}
        />
      )}
    </div>
  )
}

function SetLooked({
  set: { name, version, digest },
  hasLooked,
  onLook,
}: {
  readonly set: SetOf
  readonly hasLooked: boolean
  readonly onLook: (hasLooked: boolean) => void
}) {
  return (
    <label class="choice">
      <input type="checkbox" checked={hasLooked} onChange={(event) => onLook(event.currentTarget.checked)} />
      <span>
        It lets more pass. I have looked at {visibleText(`${name}@${version}`)}, whose digest is{' '}
        <code>{visibleText(digest)}</code>.
      </span>
    </label>
  )
}
