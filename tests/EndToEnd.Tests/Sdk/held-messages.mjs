// Prints how many messages of each sender wait after a flood of the members' messages, as JSON.
// Usage: node held-messages.mjs HELD_MESSAGES_MODULE
import { pathToFileURL } from 'node:url';

const { HeldMessages } = await import(pathToFileURL(process.argv[2]));
const [MEMBERS, MESSAGES, OLD, NEW] = [20, 100, 5, 9];

const held = new HeldMessages();
for (let from = 1; from <= MEMBERS; from++) {
  for (let i = 0; i < MESSAGES; i++) {
    held.hold({ type: 'signal', from, epoch: NEW, candidate: { candidate: `${i}` } });
  }
}
held.hold({ type: 'signal', from: 1, epoch: OLD, description: { type: 'offer', sdp: 'x'.repeat(200_000) } });
held.hold({ type: 'offer', epoch: NEW, sdp: 'the server' });

const counts = {};
const order = [];
held.retry((message) => {
  const sender = message.type === 'signal' ? `member ${message.from}` : 'server';
  counts[sender] = (counts[sender] ?? 0) + 1;
  order.push(message.candidate?.candidate ?? message.sdp);
  return false;
}, NEW);
let waiting = 0;
held.retry(() => { waiting++; return true; }, NEW);
held.retry(() => { waiting = -1; return true; }, NEW);
const members = Object.keys(counts).length - 1;
console.log(JSON.stringify({ first: counts['member 1'], members, server: counts.server, last: order.at(-1), waiting }));
