// @ts-check
import { byId, element } from '../../shared/dom.js';
import { confirm } from '../widgets/confirm.js';
import { KeyedRows } from '../widgets/keyed-rows.js';
import { ago, number, percent } from '../words.js';

/** @import { NodeDetails, RegionDetails } from '../api/rest.js' */

/** @typedef {RegionDetails & { gateways: string[] }} RegionState */

/** @typedef {{ drain: (node: string, draining: boolean) => void }} NodeActions */

/** Above the first a node is busy; above the second it takes no new rooms while another node has capacity (Hype:Placement:LoadLimit). */
const BUSY = 0.6;
const FULL = 0.8;

const COLUMNS = ['Node', 'Load', 'CPU', 'Endpoints', 'Rooms', 'In → out /s', 'Heartbeat', ''];

/** The regions with their gateways and media nodes. */
export class ClusterMap {
  /** @type {KeyedRows<RegionState>} */
  #regions;

  /** @param {NodeActions} actions */
  constructor(actions) {
    this.#regions = new KeyedRows(byId('regions'), ({ region }) => region, () => new Region(actions));
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
    element('thead', {}, element('tr', {}, ...COLUMNS.map((name, index) =>
      element('th', { scope: 'col', class: index >= 2 && index <= 5 ? 'number' : '' }, name)))),
    this.#body);
  /** @type {KeyedRows<NodeDetails>} */
  #nodes;

  /** @param {NodeActions} actions */
  constructor(actions) {
    this.root = element('article', { class: 'region' }, element('header', {}, this.#name, this.#gateways), this.#table, this.#empty);
    this.#nodes = new KeyedRows(this.#body, ({ node }) => node, ({ node }) => new NodeRow(node, actions));
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
  #bar = element('span', {
    class: 'load', role: 'meter', 'aria-label': 'Load', 'aria-valuemin': '0', 'aria-valuemax': '100',
  }, element('i'));
  #percent = element('span', { class: 'percent' });
  #badge = element('span', { class: 'badge', 'data-testid': 'draining' }, 'draining');
  #button = element('button', { class: 'button small', type: 'button', 'data-testid': 'drain' });
  #draining = false;
  /** @type {{ at: number, received: number, forwarded: number } | null} */
  #before = null;
  #rates = '';

  /**
   * @param {string} node
   * @param {NodeActions} actions
   */
  constructor(node, actions) {
    this.#cells = ['cpu', 'endpoints', 'rooms', 'packets', 'beat'].map((name) =>
      element('td', { class: name === 'beat' ? '' : 'number', 'data-cell': name }));
    this.root = element('tr', { 'data-node': node },
      element('th', { scope: 'row' }, element('span', { class: 'name' }, node), this.#badge),
      element('td', {}, this.#bar, this.#percent),
      ...this.#cells,
      element('td', {}, element('div', { class: 'actions' }, this.#button)));
    this.#button.addEventListener('click', async () => {
      if (this.#draining) {
        actions.drain(node, false);
      } else if (await confirm({
        title: `Drain ${node}?`,
        text: 'It takes no new rooms, and its rooms move to other nodes. Nobody hears the move.',
        action: 'Drain',
      })) {
        actions.drain(node, true);
      }
    });
  }

  /** @param {NodeDetails} state */
  update(state) {
    this.#draining = state.draining;
    this.root.dataset.draining = String(state.draining);
    const workers = `${state.workers} ${state.workers === 1 ? 'worker' : 'workers'}`;
    this.root.title = `${state.node}: version ${state.version}, ${workers}; packets per second in and out`;
    this.#bar.style.setProperty('--load', String(Math.min(1, state.load)));
    this.#bar.dataset.level = state.load > FULL ? 'full' : state.load > BUSY ? 'busy' : 'calm';
    this.#bar.setAttribute('aria-valuenow', String(Math.round(state.load * 100)));
    this.#percent.textContent = percent(state.load);
    this.#badge.hidden = !state.draining;
    this.#button.textContent = state.draining ? 'Undrain' : 'Drain…';
    this.#button.setAttribute('aria-label', `${state.draining ? 'Undrain' : 'Drain'} ${state.node}`);
    this.#measure(state);
    const texts = [percent(state.cpu), number(state.endpoints), number(state.rooms), this.#rates, ago(state.lastHeartbeat)];
    texts.forEach((text, index) => {
      this.#cells[index].textContent = text;
    });
  }

  /**
   * Turns the counters into rates when a heartbeat has brought newer ones.
   * @param {NodeDetails} state
   */
  #measure({ packetsReceived: received, packetsForwarded: forwarded, lastHeartbeat }) {
    const at = new Date(lastHeartbeat).getTime();
    const before = this.#before;
    // One heartbeat in four carries the load: a shorter time would show zero and then too much.
    if (before && at - before.at < 900) {
      return;
    }
    if (before && at > before.at) {
      const seconds = (at - before.at) / 1000;
      const rate = (/** @type {number} */ difference) => number(Math.max(0, difference) / seconds);
      this.#rates = `${rate(received - before.received)} → ${rate(forwarded - before.forwarded)}`;
    }
    this.#before = { at, received, forwarded };
  }
}
