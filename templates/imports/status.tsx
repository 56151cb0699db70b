import type { ImportStatus as Word } from '../../src/imports/imports'
import type { IconName } from '../ui/icon'
import { Status, type Tone } from '../ui/status'

const looks: Record<Word, { word: string; icon: IconName; tone: Tone }> = {
  reading: { word: 'Being read', icon: 'sending', tone: 'info' },
  previewed: { word: 'Waits for your look', icon: 'clock', tone: 'warn' },
  committing: { word: 'Rows arriving', icon: 'sending', tone: 'info' },
  committed: { word: 'Imported', icon: 'done', tone: 'ok' },
  undoing: { word: 'Being undone', icon: 'sending', tone: 'info' },
  undone: { word: 'Undone', icon: 'undo', tone: 'mute' },
  failed: { word: 'Not imported', icon: 'cross', tone: 'mute' },
}

export const ImportStatus = ({ status }: { status: Word }) => (
  <Status tone={looks[status].tone} icon={looks[status].icon}>
    {looks[status].word}
  </Status>
)
