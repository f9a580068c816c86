// What hype-voice.d.ts says (hand) beside what the modules are (made: as the compiler reads them). It compiles only if they are the same.
import type * as Hand from './hand/hype-voice.js';
import type * as Made from './made/hype-voice.js';
import type * as Words from './made/types.js';

type Different<A, B> = Exclude<keyof A, keyof B> | Exclude<keyof B, keyof A>;
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? never : 'differs') : 'differs';
type Unlike<A, B> = { [Name in keyof A]-?: Name extends keyof B ? Same<A[Name], B[Name]> : 'missing' }[keyof A];
/** Takes `never` alone, and so names in its error what it was given. */
type None<Names extends never> = Names;

export type Checks = [
  None<Different<typeof Made, typeof Hand>>,
  None<Different<Omit<Made.VoiceChannel, 'open' | 'emit'>, Hand.VoiceChannel>>,
  None<Different<Words.JoinOptions, Hand.JoinOptions>>,
  None<Unlike<Words.JoinOptions, Hand.JoinOptions>>,
  None<Different<Words.ChannelEvents, Hand.ChannelEvents>>,
  None<Unlike<Words.ChannelEvents, Hand.ChannelEvents>>,
  None<Same<Parameters<typeof Made.reportText>[0], Hand.ConnectionReport>>,
  None<Same<Awaited<ReturnType<Made.VoiceChannel['stats']>>, Awaited<ReturnType<Hand.VoiceChannel['stats']>>>>,
  None<Same<Parameters<typeof Made.holdToTalk>[1], Parameters<typeof Hand.holdToTalk>[1]>>,
];

// A channel of the modules is one as declared, and so is an error.
declare const channel: Made.VoiceChannel;
declare const error: Made.VoiceError;
export const declared: [Hand.VoiceChannel, Hand.VoiceError] = [channel, error];
