// @ts-check
// The voice panel. Address: ?channel=lobby&name=Ada fills the form, &autojoin=1 goes in at once, &identity=x is for tests that
// need to be the same person twice. `window.hype.channel` is the SDK's channel, for the curious and for tests.
import { join } from '../sdk/hype-voice.js';
import { JoinCard } from './join-card.js';
import { forgetSeat, lastSeat, openSeat, rememberIdentity, rememberSeat } from './memory.js';
import { Room } from './room.js';
import { guestToken } from './token.js';
import { describeEnd, describeError } from './words.js';

/** @type {{ channel: import('../sdk/hype-voice.js').VoiceChannel | null }} */
const hype = { channel: null };
Object.assign(window, { hype });

const card = new JoinCard(enter);

/** @param {{ name: string, channel: string }} seat */
async function enter(seat) {
  card.busy();
  try {
    const channel = await join(seat.channel, { token: () => guestToken(seat.name, seat.channel) });
    rememberSeat(seat);
    hype.channel = channel;
    card.hide();
    const room = new Room(channel);
    channel.on('closed', (goodbye) => {
      hype.channel = null;
      forgetSeat();
      room.close();
      card.show();
      card.fail(describeEnd(goodbye));
    });
  } catch (error) {
    card.show();
    card.fail(describeError(error));
  }
}

// A tab that closes should not leave a ghost behind for the length of the resume window. A reload joins again, as the same person.
window.addEventListener('pagehide', () => {
  const seat = openSeat();
  hype.channel?.leave();
  if (seat) {
    rememberSeat(seat);
  }
});

const address = new URLSearchParams(location.search);
const reloaded = openSeat();
const last = lastSeat();
const identity = address.get('identity');
if (identity) {
  rememberIdentity(identity);
}
card.fill({ name: address.get('name') ?? last.name, channel: address.get('channel') ?? last.channel ?? 'lobby' });
card.show();
const { name, channel } = card.seat;
if (reloaded && (!address.get('channel') || address.get('channel') === reloaded.channel)) {
  card.fill(reloaded);
  void enter(reloaded);
} else if (address.get('autojoin') === '1' && name && channel) {
  void enter({ name, channel });
}
