// @ts-check
// The token lives in this tab and nowhere else: closing the tab is signing out.

const TOKEN = 'hype.admin.token';

/** @returns {string | null} */
export const storedToken = () => sessionStorage.getItem(TOKEN);

/** @param {string | null} token */
export function storeToken(token) {
  if (token) {
    sessionStorage.setItem(TOKEN, token);
  } else {
    sessionStorage.removeItem(TOKEN);
  }
}

/**
 * What a token says about itself, to be shown: whether it is true, the gateway says.
 * @param {string} token
 * @returns {{ name: string, expires: Date } | null} null: that is no token
 */
export function describeToken(token) {
  try {
    const payload = token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(payload), (character) => character.charCodeAt(0));
    const claims = JSON.parse(new TextDecoder().decode(bytes));
    return { name: String(claims.name ?? claims.sub), expires: new Date(claims.exp * 1000) };
  } catch {
    return null;
  }
}
