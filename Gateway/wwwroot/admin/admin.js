// @ts-check
// The admin page. Address: #/channel/lobby opens a channel.
import { byId, element } from '../shared/dom.js';
import { showToast } from '../shared/notices.js';
import { Api, ApiError } from './api/api.js';
import { describeToken, storedToken, storeToken } from './api/token.js';
import { ChannelList } from './channels/channel-list.js';
import { ChannelPane } from './channels/channel-pane.js';
import { ClusterMap } from './cluster/cluster-map.js';
import { number, sentence } from './words.js';

/** @import { GatewayDetails, HealthDetails, RegionGateway } from './api/rest.js' */

/** The interval between two reads of the map and the list: nodes report their load once a second. */
const REFRESH_MS = 1000;

const api = new Api();
const map = new ClusterMap({
  drain: (node, draining) => run(() => api.drain(node, draining), draining ? `${node} is being emptied.` : `${node} takes rooms again.`),
});
const list = new ChannelList(() => void refresh());
const view = new ChannelPane(api, run);

/** @type {ReturnType<typeof setInterval> | undefined} */
let refreshTimer;

const NOT_STORED = 'It is not stored yet, because the storage is unavailable.';

/** @param {unknown} error */
const statusOf = (error) => (error instanceof ApiError ? error.status : undefined);

/**
 * Runs an action of the administrator, and shows its outcome.
 * @param {() => Promise<unknown>} action
 * @param {string} done
 */
async function run(action, done) {
  try {
    const answer = /** @type {{ storage?: string } | null | undefined} */ (await action());
    const isStored = answer?.storage !== 'notStored';
    showToast(isStored ? done : `${done} ${NOT_STORED}`, { kind: 'good', forMs: isStored ? 4000 : 8000 });
    void refresh();
    return true;
  } catch (error) {
    const advice = statusOf(error) === 401 ? (api.token ? ' Sign in again.' : ' Become administrator first.') : '';
    showToast(`${sentence(error)}${advice}`, { kind: 'bad', forMs: 8000 });
    return false;
  }
}

let refreshing = false;
let refreshAgain = false;

async function refresh() {
  if (document.hidden || byId('desk').hidden) {
    return;
  }
  if (refreshing) {
    refreshAgain = true; // one request at a time to a slow gateway
    return;
  }
  refreshing = true;
  try {
    const [health, regions] = await Promise.all([api.health(), api.regions(), list.load(api)]);
    showSums(health);
    map.show(health.regions.map((region) => ({ ...region, gateways: gatewaysOf(region.region, health.gateway, regions) })));
    byId('stale').hidden = true;
  } catch (error) {
    if (statusOf(error) === 401) {
      signOut(`${sentence(error)} Sign in again.`);
      return;
    }
    byId('stale').textContent = `Not up to date: ${sentence(error)}`;
    byId('stale').hidden = false;
  } finally {
    refreshing = false;
  }
  if (refreshAgain) {
    refreshAgain = false;
    await refresh();
  }
}

/** @param {HealthDetails} health */
function showSums({ version, cluster, regions, channels, participants }) {
  const nodes = regions.flatMap((region) => region.nodes);
  /** @type {[string, string, string][]} */
  const sums = [
    ['version', 'Version', version],
    ['cluster', 'Cluster', cluster.provider],
    ['nodes', 'Nodes', number(nodes.length)],
    ['p2p', 'P2P', number(channels.p2p)],
    ['sfu', 'SFU', number(channels.sfu)],
    ['people', 'People', number(participants)],
  ];
  byId('sums').replaceChildren(...sums.map(([name, term, value]) =>
    element('div', { 'data-sum': name }, element('dt', {}, term), element('dd', {}, value))));
}

/**
 * Lists the known gateways of a region: the one that serves this page, and the region's address.
 * @param {string} region
 * @param {GatewayDetails} own
 * @param {RegionGateway[]} addresses
 */
function gatewaysOf(region, own, addresses) {
  const address = addresses.find((line) => line.region === region)?.url;
  return [
    ...(own.region === region ? [`this gateway: ${own.id}, ${number(own.sockets)} ${own.sockets === 1 ? 'socket' : 'sockets'}`] : []),
    ...(address && address !== '/' ? [`gateways: ${address}`] : []),
  ];
}

/** Returns the channel in the page's address; empty: none, or the address was edited into one that cannot be read. */
function channelOfAddress() {
  const [, escaped = ''] = /^#\/channel\/(.+)$/.exec(location.hash) ?? [];
  try {
    return decodeURIComponent(escaped);
  } catch {
    return '';
  }
}

function route() {
  const channel = channelOfAddress();
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
  const account = byId('who');
  account.textContent = claims
    ? `${claims.name}, until ${claims.expires.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })}`
    : 'Read-only';
  account.title = claims ? account.textContent : 'In Development, reading needs no token.';
  byId('become').hidden = token !== null;
  byId('sign-out').hidden = token === null;
  byId('sign-in').hidden = true;
  byId('desk').hidden = false;
  if (token) {
    // Without the cookie the dashboard's link leads to a refusal; everything else works.
    await api.openDashboard().catch(() => {});
  }
  route();
  await refresh();
  clearInterval(refreshTimer);
  refreshTimer = setInterval(() => void refresh(), REFRESH_MS);
}

/** @param {string} [reason] */
function signOut(reason = '') {
  clearInterval(refreshTimer);
  view.open('');
  if (api.token) {
    api.closeDashboard().catch(() => {}); // the cookie of a refused token is worthless too
  }
  api.token = null;
  storeToken(null);
  byId('desk').hidden = true;
  byId('sign-in').hidden = false;
  byId('sign-in-error').textContent = reason;
  byId('sign-in-error').hidden = reason === '';
  tokenInput.value = '';
  tokenInput.focus();
}

/** @param {string} token */
async function signIn(token) {
  const claims = describeToken(token);
  if (!claims) {
    signOut('This is not a token: a token has three parts with dots between them, as hype token prints it.');
    return;
  }
  try {
    api.token = token;
    // The gateway refuses it to tokens that may not administer; in Development it refuses it to none.
    await api.nodes();
    await enter(token, claims);
  } catch (error) {
    api.token = null;
    signOut(statusOf(error) === 403
      ? 'This token may not administer: it takes the grant moderate for all channels (*).'
      : sentence(error));
  }
}

/** Development only: the gateway makes the token. */
async function becomeAdministrator() {
  try {
    const { token } = await api.adminToken();
    await enter(token, describeToken(token));
  } catch (error) {
    showToast(sentence(error), { kind: 'bad', forMs: 8000 });
  }
}

const tokenInput = byId('sign-in-token', HTMLInputElement);
byId('sign-in-form').addEventListener('submit', (event) => {
  event.preventDefault();
  void signIn(tokenInput.value.trim());
});
byId('sign-out').addEventListener('click', () => signOut());
byId('become').addEventListener('click', () => void becomeAdministrator());
window.addEventListener('hashchange', route);
document.addEventListener('visibilitychange', () => void refresh());

const stored = storedToken();
if (stored) {
  await signIn(stored);
} else {
  try {
    await api.nodes();
    await enter(null, null); // Development
  } catch (error) {
    signOut(statusOf(error) === 401 ? '' : sentence(error));
  }
}
