// @ts-check
// The voice panel. Address: ?channel=lobby&name=Ada fills the form, &autojoin=1 goes in at once, &identity=x is for tests that
// need to be the same person twice. `window.hype.channel` is the SDK's channel, for the curious and for tests.
import { join } from '../sdk/hype-voice.js';
import { JoinCard } from './join/join-card.js';
import { forgetSeat, lastSeat, openSeat, rememberIdentity, rememberSeat, settings } from './storage/memory.js';
import { Room } from './room/room.js';
import { becomeSomebody } from './storage/tab.js';
import { guestToken } from './join/guest-token.js';
import { describeEnd, describeError } from './words.js';

/** @type {{ channel: import('../sdk/hype-voice.js').VoiceChannel | null }} */
const hype = { channel: null };
Object.assign(window, { hype });

const card = new JoinCard(enter);

/** @param {{ name: string, channel: string }} seat */
async function enter(seat) {
  card.busy();
  await somebody;
  const { microphone, speaker } = settings();
  try {
    const channel = await join(seat.channel, {
      token: (name) => guestToken(seat.name, name),
      ...(microphone && { microphone }),
      ...(speaker && { speaker }),
    });
    if (microphone && channel.microphone.error?.code === 'microphoneMissing') {
      await channel.setMicrophone({}).catch(() => undefined); // the one that was chosen is not plugged in today, and perhaps none is
    }
    rememberSeat(seat);
    hype.channel = channel;
    card.hide();
    const room = new Room(channel);
    channel.on('moved', ({ to }) => {
      rememberSeat({ name: seat.name, channel: to });
      history.replaceState(null, '', location.pathname); // an address that named the old channel would lead back there
    });
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

const somebody = becomeSomebody();
const address = new URLSearchParams(location.search);
const reloaded = openSeat();
const last = lastSeat();
const identity = address.get('identity');
if (identity) {
  void somebody.then(() => rememberIdentity(identity));
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
