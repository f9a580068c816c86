// A page of an application that installs the SDK from npm and bundles it.
import { join, reportText, VoiceError } from 'hype-voice';

const { gateway, channel, name } = Object.fromEntries(new URLSearchParams(location.search));

async function fetchToken() {
  const answer = await fetch(`${gateway}/api/voice/tokens/guest`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, channel }),
  });
  return (await answer.json()).token;
}

function show(text) {
  document.body.textContent = text;
}

try {
  const voice = await join(channel, {
    token: fetchToken,
    url: `${gateway.replace(/^http/, 'ws')}/api/voice/ws`,
  });
  show(voice.roster.map((participant) => participant.name).join(', '));
  voice.on('roster', ({ participants }) => show(participants.map((participant) => participant.name).join(', ')));
  window.report = async () => reportText(await voice.report());
} catch (error) {
  show(error instanceof VoiceError ? `${error.code}: ${error.message}` : String(error));
}
