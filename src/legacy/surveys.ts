import { sql } from 'drizzle-orm'
import { keywordOf } from './inbox'
import { withPhone } from './people'
import { flagOf, listOf, numberOf, textOf, timeOf } from './source'
import { type Base, takeTable } from './take'

const takeFlows = (base: Base): Promise<void> =>
  takeTable(base, {
    from: 'survey_flows',
    into: 'surveys',
    columns: ['name', 'keyword', 'intro', 'completion', 'event_id', 'active', 'starts', 'completions', 'created_at', 'updated_at'],
    same: `(t.name = v.value ->> 'name' OR t.keyword = v.value ->> 'keyword')`,
    // Two of one name, or of one keyword, each wait for the one before.
    rowsAtOnce: 1,
    links: { linked_event_id: 'events' },
    read: (row, lookup) => {
      const [name, keyword] = [textOf(row.name), keywordOf(row.trigger_keyword)]
      if (name === '' || keyword === '') return { refuse: 'no name or no keyword' }
      const questions = listOf(row.questions_json)
      if (!questions) return { refuse: 'its questions cannot be read' }
      const created_at = timeOf(row.created_at) ?? base.now()
      const words = { intro: String(row.intro_message ?? ''), completion: String(row.completion_message ?? '') }
      const counts = { active: flagOf(row.is_active), starts: numberOf(row.start_count), completions: numberOf(row.completion_count) }
      const times = { created_at, updated_at: timeOf(row.updated_at) ?? created_at }
      const take = { id: row.id, name, keyword, ...words, event_id: lookup('events', row.linked_event_id), ...counts, ...times }
      return { take: { ...take, questions: JSON.stringify(questions.map(questionOf)) } }
    },
    after: ({ idHere, rows }) => [
      sql`
        INSERT INTO survey_questions (survey_id, position, question)
        SELECT v.id, q.key, q.value FROM (SELECT ${idHere} AS id, v.value ->> 'questions' AS questions FROM ${rows} v) v, json_each(v.questions) q
        WHERE NOT EXISTS (SELECT 1 FROM survey_questions WHERE survey_id = v.id)`,
    ],
  })

/** A text, or an object that holds it. */
const questionOf = (question: unknown): string =>
  typeof question === 'object' && question !== null
    ? textOf(Object.values(question).find((value) => typeof value === 'string'))
    : textOf(question)

const takeSessions = (base: Base): Promise<void> =>
  takeTable(base, {
    from: 'survey_sessions',
    into: 'survey_sessions',
    columns: ['survey_id', 'phone', 'status', 'position', 'started_at', 'last_activity_at', 'completed_at'],
    same: null,
    links: { survey_id: 'survey_flows' },
    read: (row, lookup) => {
      const surveyId = lookup('survey_flows', row.survey_id)
      if (surveyId === null) return { refuse: 'its survey is not here' }
      return withPhone(row.phone, (phone) => {
        const started_at = timeOf(row.started_at) ?? base.now()
        const times = { started_at, last_activity_at: timeOf(row.last_activity_at) ?? started_at, completed_at: timeOf(row.completed_at) }
        return {
          take: {
            id: row.id,
            survey_id: surveyId,
            phone,
            status: textOf(row.status),
            position: numberOf(row.current_question_index),
            ...times,
          },
        }
      })
    },
  })

const takeResponses = (base: Base): Promise<void> =>
  takeTable(base, {
    from: 'survey_responses',
    into: 'survey_responses',
    columns: ['session_id', 'position', 'question', 'answer', 'created_at'],
    same: null,
    links: { session_id: 'survey_sessions' },
    read: (row, lookup) => {
      const sessionId = lookup('survey_sessions', row.session_id)
      if (sessionId === null) return { refuse: 'its way through the survey is not here' }
      const said = { question: String(row.question_prompt ?? ''), answer: String(row.answer ?? '') }
      return {
        take: {
          id: row.id,
          session_id: sessionId,
          position: numberOf(row.question_index),
          ...said,
          created_at: timeOf(row.created_at) ?? base.now(),
        },
      }
    },
  })

/** Surveys with their questions, and who answered what. */
export async function takeSurveys(base: Base): Promise<void> {
  await takeFlows(base)
  await takeSessions(base)
  await takeResponses(base)
}
