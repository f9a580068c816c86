// @ts-check
// The voice panel. Address: ?channel=lobby&name=Ada fills in the form, &autojoin=1 joins at once and muted, &identity=x is for tests that
// need the same identity twice. `window.hype.channel` is the SDK's channel, for diagnostics and tests.
import { join } from '../sdk/hype-voice.js';
import { JoinCard } from './join/join-card.js';
import { forgetSeat, lastSeat, openSeat, rememberIdentity, rememberSeat, settings } from './storage/memory.js';
import { Room } from './room/room.js';
import { claimIdentity } from './storage/tab.js';
import { guestToken } from './join/guest-token.js';
import { describeEnd, describeError } from './words.js';

/** @import { VoiceChannel } from '../sdk/hype-voice.js' */
/** @import { Seat } from './storage/memory.js' */

/** @type {{ channel: VoiceChannel | null }} */
const hype = { channel: null };
Object.assign(window, { hype });

const card = new JoinCard((seat) => void enter(seat));

/** @param {Seat} seat muted or deafened: the microphone stays off until the person turns it on */
async function enter({ name, channel: id, muted = false, deafened = false }) {
  card.busy();
  await ownIdentity;
  const { microphone, speaker } = settings();
  try {
    const channel = await join(id, {
      token: (wanted) => guestToken(name, wanted),
      ...(microphone && { microphone }),
      ...(speaker && { speaker }),
      muted,
      deafened,
    });
    if (microphone && channel.microphone.error?.code === 'microphoneMissing') {
      await channel.setMicrophone({}).catch(() => undefined); // the chosen microphone is not plugged in, and perhaps no other one is
    }
    const remember = (current = channel.name) =>
      rememberSeat({ name, channel: current, muted: channel.muted, deafened: channel.deafened });
    remember();
    hype.channel = channel;
    card.hide();
    const room = new Room(channel);
    channel.on('state', () => remember());
    channel.on('moved', ({ to }) => {
      remember(to);
      history.replaceState(null, '', location.pathname); // the old channel's address would lead back there
    });
    channel.on('closed', (end) => {
      hype.channel = null;
      forgetSeat();
      room.close();
      card.show();
      card.fail(describeEnd(end));
    });
  } catch (error) {
    card.show();
    card.fail(describeError(error));
  }
}

// A closed tab must not leave a participant behind for the length of the resume window. A reload joins again with the same identity.
window.addEventListener('pagehide', () => {
  const seat = openSeat();
  hype.channel?.leave();
  if (seat) {
    rememberSeat(seat);
  }
});

const ownIdentity = claimIdentity();
const address = new URLSearchParams(location.search);
const reloaded = openSeat();
const last = lastSeat();
const identity = address.get('identity');
if (identity) {
  void ownIdentity.then(() => rememberIdentity(identity));
}
card.fill({ name: address.get('name') ?? last.name, channel: address.get('channel') ?? last.channel ?? 'lobby' });
card.show();
const { name, channel } = card.seat;
if (reloaded && (!address.get('channel') || address.get('channel') === reloaded.channel)) {
  card.fill(reloaded);
  void enter(isReload() ? reloaded : { ...reloaded, muted: true });
} else if (address.get('autojoin') === '1' && name && channel) {
  void enter({ name, channel, muted: true });
}

/**
 * Returns true if the person reloaded this page. Then their own mute applies. Any page can open every other way to this page, such as a
 * link, and a link alone must not turn a microphone on.
 */
function isReload() {
  const [navigation] = performance.getEntriesByType('navigation');
  return navigation instanceof PerformanceNavigationTiming && navigation.type === 'reload';
}
