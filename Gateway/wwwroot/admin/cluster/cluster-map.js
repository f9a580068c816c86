// @ts-check
import { byId, element } from '../../shared/dom.js';
import { confirm } from '../widgets/confirm.js';
import { Keyed } from '../widgets/keyed-rows.js';
import { ago, number, percent } from '../words.js';

/**
 * @typedef {object} NodeState
 * @property {string} node
 * @property {string} version
 * @property {number} workers
 * @property {number} load
 * @property {number} cpu
 * @property {number} endpoints
 * @property {number} rooms
 * @property {number} packetsReceived
 * @property {number} packetsForwarded
 * @property {boolean} draining
 * @property {string} lastHeartbeat
 */

/** @typedef {{ region: string, nodes: NodeState[], gateways: string[] }} RegionState */

/** Above the first a node is busy, above the second it takes no new rooms while another has some (Hype:Placement:LoadLimit). */
const BUSY = 0.6;
const FULL = 0.8;

/** The regions with their gateways and media nodes. */
export class ClusterMap {
  #regions;

  /** @param {{ drain: (node: string, draining: boolean) => void }} orders */
  constructor(orders) {
    this.#regions = new Keyed(byId('regions'), (/** @type {RegionState} */ { region }) => region, () => new Region(orders));
  }

  /** @param {RegionState[]} regions */
  show(regions) {
    this.#regions.show(regions);
  }
}

class Region {
  #name = element('h3');
  #gateways = element('p', { class: 'gateways' });
  #body = element('tbody');
  #empty = element('p', { class: 'empty' }, 'No media node: channels here are carried by other regions.');
  #table = element('table', { class: 'rows nodes' },
    element('thead', {}, element('tr', {}, ...['Node', 'Load', 'CPU', 'Endpoints', 'Rooms', 'In → out /s', 'Beat', ''].map((name, index) =>
      element('th', { scope: 'col', class: index >= 2 && index <= 5 ? 'number' : '' }, name)))),
    this.#body);
  #nodes;

  /** @param {{ drain: (node: string, draining: boolean) => void }} orders */
  constructor(orders) {
    this.root = element('article', { class: 'region' }, element('header', {}, this.#name, this.#gateways), this.#table, this.#empty);
    this.#nodes = new Keyed(this.#body, (/** @type {NodeState} */ { node }) => node, ({ node }) => new NodeRow(node, orders));
  }

  /** @param {RegionState} state */
  update({ region, nodes, gateways }) {
    this.root.dataset.region = region;
    this.#name.textContent = region;
    this.#gateways.textContent = gateways.join(' · ');
    this.#nodes.show(nodes);
    this.#table.hidden = nodes.length === 0;
    this.#empty.hidden = nodes.length > 0;
  }
}

class NodeRow {
  #cells;
  #bar = element('span', { class: 'load', role: 'meter', 'aria-label': 'Load', 'aria-valuemin': '0', 'aria-valuemax': '100' }, element('i'));
  #percent = element('span', { class: 'percent' });
  #badge = element('span', { class: 'badge', 'data-testid': 'draining' }, 'draining');
  #button = /** @type {HTMLButtonElement} */ (element('button', { class: 'button small', type: 'button', 'data-testid': 'drain' }));
  #draining = false;
  /** @type {{ at: number, received: number, forwarded: number } | null} */
  #before = null;
  #rates = '';

  /**
   * @param {string} node
   * @param {{ drain: (node: string, draining: boolean) => void }} orders
   */
  constructor(node, orders) {
    this.#cells = ['cpu', 'endpoints', 'rooms', 'packets', 'beat'].map((name) => element('td', { class: name === 'beat' ? '' : 'number', 'data-cell': name }));
    this.root = element('tr', { 'data-node': node },
      element('th', { scope: 'row' }, element('span', { class: 'name' }, node), this.#badge),
      element('td', {}, this.#bar, this.#percent),
      ...this.#cells,
      element('td', {}, element('div', { class: 'actions' }, this.#button)));
    this.#button.addEventListener('click', async () => {
      if (this.#draining) {
        orders.drain(node, false);
      } else if (await confirm({
        title: `Drain ${node}?`,
        text: 'It takes no new rooms, and the rooms that it has move to other nodes. Nobody hears it.',
        action: 'Drain',
      })) {
        orders.drain(node, true);
      }
    });
  }

  /** @param {NodeState} state */
  update(state) {
    this.#draining = state.draining;
    this.root.dataset.draining = String(state.draining);
    this.root.title = `${state.node}: version ${state.version}, ${state.workers} ${state.workers === 1 ? 'worker' : 'workers'}; packets per second in and out`;
    this.#bar.style.setProperty('--load', String(Math.min(1, state.load)));
    this.#bar.dataset.level = state.load > FULL ? 'full' : state.load > BUSY ? 'busy' : 'calm';
    this.#bar.setAttribute('aria-valuenow', String(Math.round(state.load * 100)));
    this.#percent.textContent = percent(state.load);
    this.#badge.hidden = !state.draining;
    this.#button.textContent = state.draining ? 'Undrain' : 'Drain…';
    this.#button.setAttribute('aria-label', `${state.draining ? 'Undrain' : 'Drain'} ${state.node}`);
    this.#measure(state);
    [percent(state.cpu), number(state.endpoints), number(state.rooms), this.#rates, ago(state.lastHeartbeat)].forEach((text, index) => {
      this.#cells[index].textContent = text;
    });
  }

  /** Counters become rates when a beat has brought newer ones. @param {NodeState} state */
  #measure({ packetsReceived: received, packetsForwarded: forwarded, lastHeartbeat }) {
    const at = new Date(lastHeartbeat).getTime();
    const before = this.#before;
    // The load comes with one beat in four: a shorter time would show zero and then too much.
    if (before && at - before.at < 900) {
      return;
    }
    if (before && at > before.at) {
      const seconds = (at - before.at) / 1000;
      this.#rates = `${number(Math.max(0, received - before.received) / seconds)} → ${number(Math.max(0, forwarded - before.forwarded) / seconds)}`;
    }
    this.#before = { at, received, forwarded };
  }
}
