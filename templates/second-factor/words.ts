/** What a password and a code are asked for. */
export const proofs = {
  turnOff: {
    title: 'Turn off your sign-in code?',
    path: '/account/second-factor/turn-off',
    says: 'From then on your password alone signs you in, and your recovery codes are gone. For a new phone, turn it off here and set it up again.',
    act: 'Turn it off',
    leave: 'Keep it on',
    danger: true,
  },
  newCodes: {
    title: 'Make new recovery codes?',
    path: '/account/second-factor/recovery-codes',
    says: 'You get ten new ones. Those you have now, used or not, no longer work.',
    act: 'Make ten new ones',
    leave: 'Keep those I have',
    danger: false,
  },
} as const
