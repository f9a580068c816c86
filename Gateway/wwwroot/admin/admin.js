// @ts-check
// The admin page. Address: #/channel/lobby opens a channel.
import { byId, element } from '../shared/dom.js';
import { showToast } from '../shared/notices.js';
import { Api } from './api/api.js';
import { ChannelList } from './channels/channel-list.js';
import { ChannelView } from './channels/channel-view.js';
import { ClusterMap } from './cluster/cluster-map.js';
import { describeToken, storedToken, storeToken } from './api/token.js';
import { number, sentence } from './words.js';

/** The map's and the list's freshness: nodes tell their load once a second. */
const REFRESH_MS = 1000;

const api = new Api();
const map = new ClusterMap({
  drain: (node, draining) => act(() => api.order(draining ? 'POST' : 'DELETE', `nodes/${encodeURIComponent(node)}/drain`), draining ? `${node} is being emptied.` : `${node} takes rooms again.`),
});
const list = new ChannelList(() => void refresh());
const view = new ChannelView(api, act);

/** @type {ReturnType<typeof setInterval> | undefined} */
let beat;

/**
 * Carries out an order, and says how it went.
 * @param {() => Promise<unknown>} order
 * @param {string} done
 */
async function act(order, done) {
  try {
    await order();
    showToast(done, { kind: 'good', forMs: 4000 });
    void refresh();
    return true;
  } catch (error) {
    const { status } = /** @type {import('./api/api.js').ApiError} */ (error);
    const advice = status === 401 ? (api.token ? ' Sign in again.' : ' Become administrator first.') : '';
    showToast(`${sentence(error)}${advice}`, { kind: 'bad', forMs: 8000 });
    return false;
  }
}

let refreshing = false;
let wantedMeanwhile = false;

async function refresh() {
  if (document.hidden || byId('desk').hidden) {
    return;
  }
  if (refreshing) {
    wantedMeanwhile = true; // a slow gateway is asked one question at a time
    return;
  }
  refreshing = true;
  try {
    const [health, regions] = await Promise.all([api.get('health'), api.get('regions'), list.load(api)]);
    showSums(health);
    map.show(health.regions.map((/** @type {any} */ region) => ({ ...region, gateways: gatewaysOf(region.region, health.gateway, regions) })));
    byId('stale').hidden = true;
  } catch (error) {
    if (/** @type {import('./api/api.js').ApiError} */ (error).status === 401) {
      signOut(`${sentence(error)} Sign in again.`);
      return;
    }
    byId('stale').textContent = `Not up to date: ${sentence(error)}`;
    byId('stale').hidden = false;
  } finally {
    refreshing = false;
  }
  if (wantedMeanwhile) {
    wantedMeanwhile = false;
    await refresh();
  }
}

/** @param {any} health */
function showSums({ version, cluster, regions, channels, participants }) {
  const nodes = regions.flatMap((/** @type {any} */ region) => region.nodes);
  const sums = /** @type {[string, string, string][]} */ ([
    ['version', 'Version', version],
    ['cluster', 'Cluster', cluster.provider],
    ['nodes', 'Nodes', number(nodes.length)],
    ['p2p', 'P2P channels', number(channels.p2p)],
    ['sfu', 'SFU channels', number(channels.sfu)],
    ['people', 'People', number(participants)],
  ]);
  byId('sums').replaceChildren(...sums.map(([name, term, value]) => element('div', { 'data-sum': name }, element('dt', {}, term), element('dd', {}, value))));
}

/**
 * The gateways of a region that anybody can know of: the one that serves this page, and the address of the region.
 * @param {string} region
 * @param {{ id: string, region: string, sockets: number }} own
 * @param {{ region: string, url: string }[]} addresses
 */
function gatewaysOf(region, own, addresses) {
  const address = addresses.find((line) => line.region === region)?.url;
  return [
    ...(own.region === region ? [`this gateway: ${own.id}, ${number(own.sockets)} ${own.sockets === 1 ? 'socket' : 'sockets'}`] : []),
    ...(address && address !== '/' ? [`gateways: ${address}`] : []),
  ];
}

function route() {
  // A channel's id has no character that an address would have to escape.
  const [, channel = ''] = /^#\/channel\/([\w.-]+)$/.exec(location.hash) ?? [];
  list.mark(channel);
  view.open(channel);
  document.title = channel ? `#${channel} · Hype admin` : 'Hype · Admin';
}

/**
 * @param {string | null} token
 * @param {{ name: string, expires: Date } | null} claims
 */
async function enter(token, claims) {
  api.token = token;
  storeToken(token);
  byId('who').textContent = claims ? `${claims.name}, until ${claims.expires.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })}` : 'Development: reading is open';
  byId('become').hidden = token !== null;
  byId('sign-out').hidden = token === null;
  byId('sign-in').hidden = true;
  byId('desk').hidden = false;
  if (token) {
    // Without it the dashboard's link leads to a refusal, and everything else works.
    await api.letIn().catch(() => {});
  }
  route();
  await refresh();
  clearInterval(beat);
  beat = setInterval(() => void refresh(), REFRESH_MS);
}

/** @param {string} [reason] */
function signOut(reason = '') {
  clearInterval(beat);
  view.open('');
  if (api.token) {
    api.letOut().catch(() => {}); // of a token that counts no more the cookie does not either
  }
  api.token = null;
  storeToken(null);
  byId('desk').hidden = true;
  byId('sign-in').hidden = false;
  byId('sign-in-error').textContent = reason;
  byId('sign-in-error').hidden = reason === '';
  byId('sign-in-token').value = '';
  byId('sign-in-token').focus();
}

/** @param {string} token */
async function signIn(token) {
  const claims = describeToken(token);
  if (!claims) {
    signOut('That is no token: three parts with dots between them, as hype token prints it.');
    return;
  }
  try {
    api.token = token;
    // Refused to those who may not administer; in Development to nobody.
    await api.get('nodes');
    await enter(token, claims);
  } catch (error) {
    const { status } = /** @type {import('./api/api.js').ApiError} */ (error);
    api.token = null;
    signOut(status === 403 ? 'This token may not administer: it takes the grant moderate for all channels (*).' : sentence(error));
  }
}

/** Development only: the gateway makes one itself. */
async function become() {
  try {
    const { token } = await api.order('POST', 'tokens/admin');
    await enter(token, describeToken(token));
  } catch (error) {
    showToast(sentence(error), { kind: 'bad', forMs: 8000 });
  }
}

byId('sign-in-form').addEventListener('submit', (/** @type {SubmitEvent} */ event) => {
  event.preventDefault();
  void signIn(byId('sign-in-token').value.trim());
});
byId('sign-out').addEventListener('click', () => signOut());
byId('become').addEventListener('click', () => void become());
window.addEventListener('hashchange', route);
document.addEventListener('visibilitychange', () => void refresh());

const stored = storedToken();
if (stored) {
  await signIn(stored);
} else {
  try {
    await api.get('nodes');
    await enter(null, null); // Development
  } catch (error) {
    signOut(/** @type {import('./api/api.js').ApiError} */ (error).status === 401 ? '' : sentence(error));
  }
}
